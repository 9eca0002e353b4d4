using System.Numerics;
using System.Runtime.Intrinsics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <content>From checked spans to the loops that suit the machine.</content>
public static unsafe partial class Attention
{
    // One of the three computations.
    private interface IPass
    {
        static abstract void Plain<T>(in AttentionProblem<T> problem)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>;

        static abstract void Run<V, S, T>(in AttentionProblem<T> problem)
            where V : struct
            where S : ISimd<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>;
    }

    private static void Run<T, TPass>(in AttentionInputs<T> inputs, in Results<T> results)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPass : IPass
    {
        AttentionMask mask = inputs.Mask;
        fixed (T* query = inputs.Query, key = inputs.Key, value = inputs.Value)
        fixed (bool* allowed = mask.Values)
        fixed (int* targetStarts = mask.TargetStarts, sourceStarts = mask.SourceStarts)
        fixed (T* maximum = results.Maximum, inverse = results.Inverse, output = results.Output, weights = results.Weights)
        fixed (T* dOutput = results.OutputGradient, dQuery = results.QueryGradient, dKey = results.KeyGradient, dValue = results.ValueGradient)
        {
            AttentionProblem<T> problem = new(inputs.Shape, inputs.Scale, inputs.Dropout)
            {
                Query = query,
                Key = key,
                Value = value,
                Allowed = allowed,
                AllowedBatchStride = mask.BatchStride,
                AllowedHeadStride = mask.HeadStride,
                AllowedTargetStride = mask.TargetStride,
                Causal = mask.Causal,
                TargetStarts = targetStarts,
                SourceStarts = sourceStarts,
                Packed = mask.Packed,
                Maximum = maximum,
                Inverse = inverse,
                Output = output,
                Weights = weights,
                OutputGradient = dOutput,
                QueryGradient = dQuery,
                KeyGradient = dKey,
                ValueGradient = dValue,
            };
            if (Execution.Plain)
                TPass.Plain(problem);
            else if (Execution.VectorBits == 512)
                TPass.Run<Vector512<T>, Simd512<T>, T>(problem);
            else if (Execution.VectorBits == 256)
                TPass.Run<Vector256<T>, Simd256<T>, T>(problem);
            else
                TPass.Run<Vector128<T>, Simd128<T>, T>(problem);
        }
    }

    // What a pass writes, and what it reads of those before it; empty where it does neither.
    private readonly ref struct Results<T>(ReadOnlySpan<T> maximum, ReadOnlySpan<T> inverse)
    {
        public ReadOnlySpan<T> Maximum { get; } = maximum;

        public ReadOnlySpan<T> Inverse { get; } = inverse;

        public ReadOnlySpan<T> Output { get; init; }

        public ReadOnlySpan<T> Weights { get; init; }

        public ReadOnlySpan<T> OutputGradient { get; init; }

        public ReadOnlySpan<T> QueryGradient { get; init; }

        public ReadOnlySpan<T> KeyGradient { get; init; }

        public ReadOnlySpan<T> ValueGradient { get; init; }
    }

    private readonly struct ForwardPass : IPass
    {
        public static void Plain<T>(in AttentionProblem<T> problem)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => AttentionPlain.Forward(problem);

        public static void Run<V, S, T>(in AttentionProblem<T> problem)
            where V : struct
            where S : ISimd<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => AttentionForward<V, S, T>.Run(problem);
    }

    private readonly struct BackwardPass : IPass
    {
        public static void Plain<T>(in AttentionProblem<T> problem)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => AttentionPlain.Backward(problem);

        public static void Run<V, S, T>(in AttentionProblem<T> problem)
            where V : struct
            where S : ISimd<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => AttentionBackward<V, S, T>.Run(problem);
    }

    private readonly struct WeightPass : IPass
    {
        public static void Plain<T>(in AttentionProblem<T> problem)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => AttentionPlain.Weights(problem);

        public static void Run<V, S, T>(in AttentionProblem<T> problem)
            where V : struct
            where S : ISimd<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => AttentionWeights<V, S, T>.Run(problem);
    }
}
