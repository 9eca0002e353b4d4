using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>y = x̂ ⊙ weight + bias, a group of rows at a time.</summary>
internal readonly struct LayerNormalizationKernel<T>(SharedSpan<T> input, SharedSpan<T> weight, SharedSpan<T> bias, T epsilon,
    SharedSpan<T> output, SharedSpan<T> mean, SharedSpan<T> inverseDeviation, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        Span<T> vectors = stackalloc T[S.Count * S.Count];
        V count = S.Fill(T.CreateTruncating(columns));
        int height = RowGroup.Height<T>(columns, S.Count);
        for (int row = start; row < end; row += height)
        {
            int rows = Math.Min(height, end - row);
            ReadOnlySpan<T> x = input.Span.Slice(row * columns, rows * columns);
            Span<T> centers = mean.Span.Slice(row, rows);
            Span<T> inverses = inverseDeviation.Span.Slice(row, rows);

            Sums<V, S>(x, columns, vectors);
            S.StoreFirst(S.Divide(RowGroup.Sum<V, S, T>(vectors, height), count), ref centers[0], rows);
            SumsOfSquares<V, S>(x, centers, columns, vectors);
            V variance = S.Divide(RowGroup.Sum<V, S, T>(vectors, height), count);
            S.StoreFirst(S.Divide(S.Fill(T.One), S.Sqrt(S.Add(variance, S.Fill(epsilon)))), ref inverses[0], rows);
            for (int r = 0; r < rows; r++)
            {
                Normalize<V, S>(
                    x.Slice(r * columns, columns), centers[r], inverses[r], weight.Span, bias.Span, output.Span.Slice((row + r) * columns, columns));
            }
        }
    }

    // A vector for each row whose elements add up to Σ x.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums<V, S>(ReadOnlySpan<T> x, int columns, Span<T> vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int r = 0; x.Length > 0; r += S.Count)
        {
            V sum = S.Zero;
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
                sum = S.Add(sum, S.Load(in x[i]));
            if (i < columns)
                sum = S.Add(sum, S.LoadFirst(in x[i], columns - i));
            S.Store(sum, ref vectors[r]);
            x = x[columns..];
        }
    }

    // A vector for each row whose elements add up to Σ (x − center)².
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumsOfSquares<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<T> centers, int columns, Span<T> vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int r = 0; r < centers.Length; r++)
        {
            V center = S.Fill(centers[r]);
            V sum = S.Zero;
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
            {
                V difference = S.Subtract(S.Load(in x[i]), center);
                sum = S.MultiplyAdd(difference, difference, sum);
            }
            int rest = columns - i;
            if (rest > 0)
            {
                V difference = S.Select(S.FirstLanes(rest), S.Subtract(S.LoadFirst(in x[i], rest), center), S.Zero);
                sum = S.MultiplyAdd(difference, difference, sum);
            }
            S.Store(sum, ref vectors[r * S.Count]);
            x = x[columns..];
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
