using System.Numerics;
using System.Runtime.Intrinsics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <content>The backward pass.</content>
public static unsafe partial class Attention
{
    /// <summary>
    /// The gradients of <see cref="Forward"/>. With the weights W, computed again, and the dropped ones W̃ = W ⊙ D, where D is 0 or
    /// 1/(1 − rate): ∂L/∂V = W̃ᵀ ∂L/∂O; ∂L/∂W = (∂L/∂O Vᵀ) ⊙ D; ∂L/∂S = W ⊙ (∂L/∂W − Σ over sources of W ⊙ ∂L/∂W), where the sum is
    /// also ∂L/∂O · O; ∂L/∂Q = scale · ∂L/∂S K; ∂L/∂K = scale · ∂L/∂Sᵀ Q.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="shape">Sizes and strides, as in <see cref="Forward"/>; each gradient lies like what it is the gradient of.</param>
    /// <param name="query">Q.</param>
    /// <param name="key">K.</param>
    /// <param name="value">V.</param>
    /// <param name="mask">The same mask.</param>
    /// <param name="scale">The same scale.</param>
    /// <param name="dropout">The same dropout.</param>
    /// <param name="maximum">What <see cref="Forward"/> wrote.</param>
    /// <param name="inverse">What <see cref="Forward"/> wrote.</param>
    /// <param name="output">O, what <see cref="Forward"/> wrote.</param>
    /// <param name="outputGradient">∂L/∂O, with rows OutputStride apart.</param>
    /// <param name="queryGradient">∂L/∂Q is assigned, or nothing where empty.</param>
    /// <param name="keyGradient">∂L/∂K is assigned, or nothing where empty.</param>
    /// <param name="valueGradient">∂L/∂V is assigned, or nothing where empty.</param>
    /// <exception cref="ArgumentException">A span is too short for the shape, or the shape has rows that overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, the scale not positive or the dropout rate not in [0, 1).</exception>
    public static void Backward<T>(
        AttentionShape shape, ReadOnlySpan<T> query, ReadOnlySpan<T> key, ReadOnlySpan<T> value, AttentionMask mask, T scale, DropoutMask dropout,
        ReadOnlySpan<T> maximum, ReadOnlySpan<T> inverse, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient,
        Span<T> queryGradient, Span<T> keyGradient, Span<T> valueGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionChecks.Common(shape, query.Length, key.Length, maximum.Length, inverse.Length, scale, dropout);
        AttentionChecks.Mask(shape, mask);
        AttentionChecks.Rows(nameof(value), value.Length, shape, shape.SourceLength, shape.ValueStride);
        AttentionChecks.Rows(nameof(output), output.Length, shape, shape.TargetLength, shape.OutputStride);
        AttentionChecks.Rows(nameof(outputGradient), outputGradient.Length, shape, shape.TargetLength, shape.OutputStride);
        if (!queryGradient.IsEmpty)
            AttentionChecks.Rows(nameof(queryGradient), queryGradient.Length, shape, shape.TargetLength, shape.QueryStride);
        if (!keyGradient.IsEmpty)
            AttentionChecks.Rows(nameof(keyGradient), keyGradient.Length, shape, shape.SourceLength, shape.KeyStride);
        if (!valueGradient.IsEmpty)
            AttentionChecks.Rows(nameof(valueGradient), valueGradient.Length, shape, shape.SourceLength, shape.ValueStride);
        fixed (T* q = query, k = key, v = value, m = maximum, i = inverse, o = output)
        fixed (T* dOutput = outputGradient, dq = queryGradient, dk = keyGradient, dv = valueGradient)
        fixed (bool* allowed = mask.Values)
        fixed (int* targetStarts = mask.TargetStarts, sourceStarts = mask.SourceStarts)
        {
            var problem = new AttentionProblem<T>(shape, scale, dropout)
            {
                Query = q,
                Key = k,
                Value = v,
                Maximum = m,
                Inverse = i,
                Output = o,
                OutputGradient = dOutput,
                QueryGradient = dq,
                KeyGradient = dk,
                ValueGradient = dv,
                Allowed = mask.Values.IsEmpty ? null : allowed,
                AllowedBatchStride = mask.BatchStride,
                AllowedHeadStride = mask.HeadStride,
                AllowedTargetStride = mask.TargetStride,
                Causal = mask.Causal,
                TargetStarts = targetStarts,
                SourceStarts = sourceStarts,
                Packed = mask.Packed,
            };
            if (Execution.Plain)
                AttentionPlain.Backward(problem);
            else if (Execution.VectorBits == 512)
                AttentionBackward<Vector512<T>, Simd512<T>, T>.Run(problem);
            else if (Execution.VectorBits == 256)
                AttentionBackward<Vector256<T>, Simd256<T>, T>.Run(problem);
            else
                AttentionBackward<Vector128<T>, Simd128<T>, T>.Run(problem);
        }
    }
}
