using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>y = x Φ(x) and its derivative Φ(x) + x φ(x) from one exponential.</summary>
internal readonly struct GeluWithSlopeKernel<T>(SharedSpan<T> input, SharedSpan<T> output, SharedSpan<T> slope) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static unsafe void Apply(ReadOnlySpan<T> input, Span<T> output, Span<T> slope)
    {
        Check.Length(nameof(input), input.Length, output.Length);
        Check.Length(nameof(slope), slope.Length, output.Length);
        if (Execution.Plain)
        {
            for (int i = 0; i < output.Length; i++)
            {
                output[i] = default(GeluFormula<T>).Of(input[i]);
                slope[i] = default(GeluGradientFormula<T>).Of(input[i], T.One);
            }
            return;
        }
        fixed (T* x = input, y = output, s = slope)
            Ranges.Run<T, GeluWithSlopeKernel<T>>(output.Length, 1, new(new(x, input.Length), new(y, output.Length), new(s, slope.Length)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        ReadOnlySpan<T> x = input.Span[start..end];
        Span<T> y = output.Span[start..end];
        Span<T> s = slope.Span[start..end];

        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
        {
            S.Store(Of<V, S>(S.Load(in x[i]), out V derivative), ref y[i]);
            S.Store(derivative, ref s[i]);
        }
        int rest = y.Length - i;
        if (rest > 0)
        {
            S.StoreFirst(Of<V, S>(S.LoadFirst(in x[i], rest), out V derivative), ref y[i], rest);
            S.StoreFirst(derivative, ref s[i], rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Of<V, S>(V x, out V derivative)
        where V : struct
        where S : ISimd<V, T>
    {
        V distribution = VectorMath.NormalDistribution<V, S, T>(x, out V density);
        derivative = S.MultiplyAdd(x, density, distribution);
        return S.Multiply(x, distribution);
    }
}
