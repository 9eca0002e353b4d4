using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>yᵢ = exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x), a group of rows at a time.</summary>
internal readonly struct SoftmaxKernel<T>(SharedSpan<T> input, SharedSpan<bool> mask, SharedSpan<T> output, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        if (columns > RowGroup.Elements<T>())
        {
            for (int row = start; row < end; row++)
                WideRow<V, S>(row);
            return;
        }
        Span<T> buffer = stackalloc T[RowGroup.Elements<T>()];
        Span<T> vectors = stackalloc T[S.Count * S.Count];
        int width = (columns + S.Count - 1) / S.Count * S.Count;
        int height = RowGroup.Height<T>(width, S.Count);
        for (int row = start; row < end; row += height)
        {
            int count = Math.Min(height, end - row);
            Span<T> group = buffer[..(count * width)];
            ReadOnlySpan<T> x = input.Span.Slice(row * columns, count * columns);
            Largest<V, S>(x, mask.IsEmpty ? default : mask.Span.Slice(row * columns, count * columns), columns, group, width, vectors);
            Exponentials<V, S>(RowGroup.Max<V, S, T>(vectors, height), group, width, vectors);
            Scale<V, S>(RowGroup.Sum<V, S, T>(vectors, height), group, width, output.Span.Slice(row * columns, count * columns), columns);
        }
    }

    private void WideRow<V, S>(int row)
        where V : struct
        where S : ISimd<V, T>
    {
        ReadOnlySpan<T> x = input.Span.Slice(row * columns, columns);
        Span<T> y = output.Span.Slice(row * columns, columns);
        T largest = mask.IsEmpty ? RowLoops.MaxOfNumbers<V, S, T>(x) : RowLoops.MaskedMax<V, S, T>(x, mask.Span.Slice(row * columns, columns), y);

        // Nothing is left: −∞ − (−∞) would be NaN.
        if (largest == T.NegativeInfinity)
        {
            y.Clear();
            return;
        }
        T sum = RowLoops.ExpShifted<V, S, T>(mask.IsEmpty ? x : y, largest, y);
        RowLoops.Scale<V, S, T>(y, T.One / sum, y);
    }

    // z = x where the mask keeps it, else −∞, in rows of whole vectors; and a vector for each row, whose largest element is that of the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Largest<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<bool> mask, int columns, Span<T> z, int width, Span<T> vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        V lowest = S.Fill(T.NegativeInfinity);
        bool hasMask = !mask.IsEmpty;
        for (int r = 0; z.Length > 0; r += S.Count)
        {
            V largest = lowest;
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
            {
                V kept = S.Load(in x[i]);
                if (hasMask)
                    kept = S.Select(S.LoadMask(in mask[i]), kept, lowest);
                S.Store(kept, ref z[i]);
                largest = S.MaxOfNumbers(kept, largest);
            }
            int rest = columns - i;
            if (rest > 0)
            {
                V kept = S.Select(hasMask ? S.LoadFirstMask(in mask[i], rest) : S.FirstLanes(rest), S.LoadFirst(in x[i], rest), lowest);
                S.Store(kept, ref z[i]);
                largest = S.MaxOfNumbers(kept, largest);
            }
            S.Store(largest, ref vectors[r]);
            x = x[columns..];
            mask = hasMask ? mask[columns..] : mask;
            z = z[width..];
        }
    }

    // z = exp(z − largest), and a vector for each row whose elements add up to the sum of the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exponentials<V, S>(V largest, Span<T> z, int width, Span<T> vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        // A row with nothing left keeps its −∞, whose exponentials are 0: −∞ − (−∞) would be NaN. A NaN that the maximum has lost needs no care:
        // its own exponential makes the sum and so the whole row NaN.
        Span<T> centers = stackalloc T[S.Count];
        S.Store(S.Select(S.Equal(largest, S.Fill(T.NegativeInfinity)), S.Zero, largest), ref centers[0]);
        for (int r = 0; z.Length > 0; r++)
        {
            V center = S.Fill(centers[r]);
            V sum = S.Zero;
            for (int i = 0; i < width; i += S.Count)
            {
                V e = VectorMath.ExpOfNegative<V, S, T>(S.Subtract(S.Load(in z[i]), center));
                S.Store(e, ref z[i]);
                sum = S.Add(sum, e);
            }
            S.Store(sum, ref vectors[r * S.Count]);
            z = z[width..];
        }
    }

    // y = z / sum, and 0 where the sum is.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale<V, S>(V sum, ReadOnlySpan<T> z, int width, Span<T> y, int columns)
        where V : struct
        where S : ISimd<V, T>
    {
        Span<T> factors = stackalloc T[S.Count];
        S.Store(S.Select(S.Equal(sum, S.Zero), S.Zero, S.Divide(S.Fill(T.One), sum)), ref factors[0]);
        for (int r = 0; z.Length > 0; r++)
        {
            V factor = S.Fill(factors[r]);
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
                S.Store(S.Multiply(S.Load(in z[i]), factor), ref y[i]);
            if (i < columns)
                S.StoreFirst(S.Multiply(S.Load(in z[i]), factor), ref y[i], columns - i);
            z = z[width..];
            y = y[columns..];
        }
    }
}
