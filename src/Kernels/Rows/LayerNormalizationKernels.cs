using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>y = x̂ ⊙ weight + bias, a row at a time.</summary>
internal readonly struct LayerNormalizationKernel<T>(SharedSpan<T> input, SharedSpan<T> weight, SharedSpan<T> bias, T epsilon,
    SharedSpan<T> output, SharedSpan<T> mean, SharedSpan<T> inverseDeviation, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        T count = T.CreateTruncating(columns);
        for (int row = start; row < end; row++)
        {
            ReadOnlySpan<T> x = input.Span.Slice(row * columns, columns);
            T center = RowLoops.Sum<V, S, T>(x) / count;
            T inverse = T.One / T.Sqrt((RowLoops.SumOfSquares<V, S, T>(x, center) / count) + epsilon);
            Normalize<V, S>(x, center, inverse, weight.Span, bias.Span, output.Span.Slice(row * columns, columns));
            mean.Span[row] = center;
            inverseDeviation.Span[row] = inverse;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize<V, S>(ReadOnlySpan<T> x, T center, T inverse, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        V c = S.Fill(center);
        V s = S.Fill(inverse);
        V one = S.Fill(T.One);
        bool hasWeight = !weight.IsEmpty;
        bool hasBias = !bias.IsEmpty;
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
        {
            V normalized = S.Multiply(S.Subtract(S.Load(in x[i]), c), s);
            V scaled = S.MultiplyAdd(normalized, hasWeight ? S.Load(in weight[i]) : one, hasBias ? S.Load(in bias[i]) : S.Zero);
            S.Store(scaled, ref y[i]);
        }
        int rest = y.Length - i;
        if (rest > 0)
        {
            V normalized = S.Multiply(S.Subtract(S.LoadFirst(in x[i], rest), c), s);
            V scaled = S.MultiplyAdd(normalized, hasWeight ? S.LoadFirst(in weight[i], rest) : one, hasBias ? S.LoadFirst(in bias[i], rest) : S.Zero);
            S.StoreFirst(scaled, ref y[i], rest);
        }
    }
}
