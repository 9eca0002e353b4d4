using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>yᵢ = exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x), a group of rows at a time.</summary>
internal readonly unsafe struct SoftmaxKernel<T>(SharedSpan<T> input, SharedSpan<bool> mask, SharedSpan<T> output, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [SkipLocalsInit]
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
        int width = (columns + S.Count - 1) / S.Count * S.Count;
        int height = RowGroup.Height<T>(width, S.Count);
        byte* memory = stackalloc byte[((RowGroup.Elements<T>() + (S.Count * S.Count)) * sizeof(T)) + Cache.LineBytes];
        T* group = Cache.Aligned<T>(memory);
        T* vectors = group + RowGroup.Elements<T>();
        bool past = Cache.IsPassed<V, S, T>(output, columns);
        Span<T> forTree = new(vectors, S.Count * S.Count);
        for (int row = start; row < end; row += height)
        {
            int rows = Math.Min(height, end - row);
            T* x = input.Start + (row * columns);
            int stride = columns;
            if (!mask.IsEmpty)
            {
                Masked<V, S>(x, mask.Start + (row * columns), rows, columns, group, width);
                x = group;
                stride = width;
            }
            Largest<V, S>(x, stride, rows, columns, vectors);
            Exponentials<V, S>(x, stride, RowGroup.Max<V, S, T>(forTree, height), rows, columns, group, width, vectors);
            Scale<V, S>(group, width, RowGroup.Sum<V, S, T>(forTree, height), rows, columns, output.Start + (row * columns), past);
        }
        if (past)
            Cache.FinishStreams();
    }

    private void WideRow<V, S>(int row)
        where V : struct
        where S : ISimd<V, T>
    {
        ReadOnlySpan<T> x = input.Span.Slice(row * columns, columns);
        Span<T> y = output.Span.Slice(row * columns, columns);
        T largest = mask.IsEmpty ? RowLoops.MaxOfNumbers<V, S, T>(x) : RowLoops.MaskedMax<V, S, T>(x, mask.Span.Slice(row * columns, columns), y);

        // As below: where nothing is left all exponentials are 0, and a NaN that the maximum has lost makes the sum NaN.
        T center = T.IsNegativeInfinity(largest) ? T.Zero : largest;
        T sum = RowLoops.ExpShifted<V, S, T>(mask.IsEmpty ? x : y, center, y);
        RowLoops.Scale<V, S, T>(y, sum == T.Zero ? T.Zero : T.One / sum, y);
    }

    // z = x where the mask keeps it, else −∞.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Masked<V, S>(T* x, bool* mask, int rows, int columns, T* z, int width)
        where V : struct
        where S : ISimd<V, T>
    {
        V lowest = S.Fill(T.NegativeInfinity);
        int whole = columns / S.Count * S.Count;
        int rest = columns - whole;
        for (int r = 0; r < rows; r++)
        {
            for (int i = 0; i < whole; i += S.Count)
                S.Store(S.Select(S.LoadMask(ref mask[i]), S.Load(ref x[i]), lowest), ref z[i]);
            if (rest > 0)
                S.Store(S.Select(S.LoadFirstMask(ref mask[whole], rest), S.LoadFirst(ref x[whole], rest), lowest), ref z[whole]);
            x += columns;
            mask += columns;
            z += width;
        }
    }

    // A vector for each row, whose largest element is that of the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Largest<V, S>(T* x, int stride, int rows, int columns, T* vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        V lowest = S.Fill(T.NegativeInfinity);
        int whole = columns / S.Count * S.Count;
        int rest = columns - whole;
        V inside = S.FirstLanes(rest);
        for (int r = 0; r < rows; r++)
        {
            V largest = rest > 0 ? S.Select(inside, S.LoadFirst(ref x[whole], rest), lowest) : lowest;
            for (int i = 0; i < whole; i += S.Count)
                largest = S.MaxOfNumbers(S.Load(ref x[i]), largest);
            S.Store(largest, ref vectors[r * S.Count]);
            x += stride;
        }
    }

    // z = exp(x − largest), and a vector for each row whose elements add up to the sum of the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exponentials<V, S>(T* x, int stride, V largest, int rows, int columns, T* z, int width, T* vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        // A row with nothing left keeps its −∞, whose exponentials are 0: −∞ − (−∞) would be NaN. A NaN that the maximum has lost needs no care:
        // its own exponential makes the sum and so the whole row NaN.
        T* centers = stackalloc T[S.Count];
        S.Store(S.Select(S.Equal(largest, S.Fill(T.NegativeInfinity)), S.Zero, largest), ref centers[0]);
        int whole = columns / S.Count * S.Count;
        int rest = columns - whole;
        V inside = S.FirstLanes(rest);
        for (int r = 0; r < rows; r++)
        {
            V center = S.Fill(centers[r]);
            V sum = S.Zero;
            for (int i = 0; i < whole; i += S.Count)
            {
                V e = VectorMath.ExpOfNegative<V, S, T>(S.Subtract(S.Load(ref x[i]), center));
                S.Store(e, ref z[i]);
                sum = S.Add(sum, e);
            }
            if (rest > 0)
            {
                V e = VectorMath.ExpOfNegative<V, S, T>(S.Subtract(S.LoadFirst(ref x[whole], rest), center));
                e = S.Select(inside, e, S.Zero);
                S.Store(e, ref z[whole]);
                sum = S.Add(sum, e);
            }
            S.Store(sum, ref vectors[r * S.Count]);
            x += stride;
            z += width;
        }
    }

    // y = z / sum, and 0 where the sum is.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale<V, S>(T* z, int width, V sum, int rows, int columns, T* y, bool past)
        where V : struct
        where S : ISimd<V, T>
    {
        T* factors = stackalloc T[S.Count];
        S.Store(S.Select(S.Equal(sum, S.Zero), S.Zero, S.Divide(S.Fill(T.One), sum)), ref factors[0]);
        int whole = columns / S.Count * S.Count;
        int rest = columns - whole;
        for (int r = 0; r < rows; r++)
        {
            V factor = S.Fill(factors[r]);
            for (int i = 0; i < whole; i += S.Count)
                Cache.Store<V, S, T>(S.Multiply(S.Load(ref z[i]), factor), y + i, past);
            if (rest > 0)
                S.StoreFirst(S.Multiply(S.Load(ref z[whole]), factor), ref y[whole], rest);
            z += width;
            y += columns;
        }
    }
}
