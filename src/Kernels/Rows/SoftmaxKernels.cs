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
        Span<T> vectors = stackalloc T[S.Count * S.Count];
        Span<T> perRow = stackalloc T[S.Count];
        int height = RowGroup.Height<T>(columns, S.Count);
        for (int row = start; row < end; row += height)
        {
            int count = Math.Min(height, end - row) * columns;
            ReadOnlySpan<T> x = input.Span.Slice(row * columns, count);
            Span<T> y = output.Span.Slice(row * columns, count);
            if (mask.IsEmpty)
                Largest<V, S>(x, columns, vectors);
            else
                Largest<V, S>(x, mask.Span.Slice(row * columns, count), columns, y, vectors);

            // A row with nothing left keeps its −∞, whose exponentials are 0: −∞ − (−∞) would be NaN. A NaN needs no care here: its own
            // exponential makes the sum and so the whole row NaN.
            V largest = RowGroup.Max<V, S, T>(vectors);
            S.Store(S.Select(S.Equal(largest, S.Fill(T.NegativeInfinity)), S.Zero, largest), ref perRow[0]);
            Exponentials<V, S>(mask.IsEmpty ? x : y, perRow, columns, y, vectors);

            V sum = RowGroup.Sum<V, S, T>(vectors);
            S.Store(S.Select(S.Equal(sum, S.Zero), S.Zero, S.Divide(S.Fill(T.One), sum)), ref perRow[0]);
            Scale<V, S>(perRow, columns, y);
        }
    }

    // A vector for each row, whose largest element is that of the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Largest<V, S>(ReadOnlySpan<T> x, int columns, Span<T> vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        V lowest = S.Fill(T.NegativeInfinity);
        for (int r = 0; x.Length > 0; r += S.Count)
        {
            V largest0 = lowest;
            V largest1 = lowest;
            int i = 0;
            for (; i <= columns - (2 * S.Count); i += 2 * S.Count)
            {
                largest0 = S.MaxOfNumbers(S.Load(in x[i]), largest0);
                largest1 = S.MaxOfNumbers(S.Load(in x[i + S.Count]), largest1);
            }
            if (i <= columns - S.Count)
            {
                largest0 = S.MaxOfNumbers(S.Load(in x[i]), largest0);
                i += S.Count;
            }
            int rest = columns - i;
            if (rest > 0)
                largest1 = S.MaxOfNumbers(S.Select(S.FirstLanes(rest), S.LoadFirst(in x[i], rest), lowest), largest1);
            S.Store(S.MaxOfNumbers(largest0, largest1), ref vectors[r]);
            x = x[columns..];
        }
    }

    // The same of what the mask keeps; y = x there, else −∞.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Largest<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<bool> mask, int columns, Span<T> y, Span<T> vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        V lowest = S.Fill(T.NegativeInfinity);
        for (int r = 0; x.Length > 0; r += S.Count)
        {
            V largest = lowest;
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
            {
                V kept = S.Select(S.LoadMask(in mask[i]), S.Load(in x[i]), lowest);
                S.Store(kept, ref y[i]);
                largest = S.MaxOfNumbers(kept, largest);
            }
            int rest = columns - i;
            if (rest > 0)
            {
                V kept = S.Select(S.LoadFirstMask(in mask[i], rest), S.LoadFirst(in x[i], rest), lowest);
                S.StoreFirst(kept, ref y[i], rest);
                largest = S.MaxOfNumbers(kept, largest);
            }
            S.Store(largest, ref vectors[r]);
            x = x[columns..];
            mask = mask[columns..];
            y = y[columns..];
        }
    }

    // y = exp(x − center), and a vector for each row whose elements add up to the sum of the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exponentials<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<T> centers, int columns, Span<T> y, Span<T> vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int r = 0; x.Length > 0; r++)
        {
            V center = S.Fill(centers[r]);
            V sum = S.Zero;
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
            {
                V e = VectorMath.ExpOfNegative<V, S, T>(S.Subtract(S.Load(in x[i]), center));
                S.Store(e, ref y[i]);
                sum = S.Add(sum, e);
            }
            int rest = columns - i;
            if (rest > 0)
            {
                // The lanes behind the end hold exp(0 − center) or less than 1, and count for nothing.
                V e = VectorMath.ExpOfNegative<V, S, T>(S.Subtract(S.LoadFirst(in x[i], rest), center));
                S.StoreFirst(e, ref y[i], rest);
                sum = S.Add(sum, S.Select(S.FirstLanes(rest), e, S.Zero));
            }
            S.Store(sum, ref vectors[r * S.Count]);
            x = x[columns..];
            y = y[columns..];
        }
    }

    // y = factor y
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale<V, S>(ReadOnlySpan<T> factors, int columns, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int r = 0; y.Length > 0; r++)
        {
            V factor = S.Fill(factors[r]);
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
                S.Store(S.Multiply(S.Load(in y[i]), factor), ref y[i]);
            int rest = columns - i;
            if (rest > 0)
                S.StoreFirst(S.Multiply(S.LoadFirst(in y[i], rest), factor), ref y[i], rest);
            y = y[columns..];
        }
    }
}

/// <summary>∂L/∂xᵢ = yᵢ (∂L/∂yᵢ − Σⱼ ∂L/∂yⱼ yⱼ), a group of rows at a time.</summary>
internal readonly struct SoftmaxGradientKernel<T>(SharedSpan<T> output, SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        Span<T> vectors = stackalloc T[S.Count * S.Count];
        Span<T> dots = stackalloc T[S.Count];
        int height = RowGroup.Height<T>(columns, S.Count);
        for (int row = start; row < end; row += height)
        {
            int count = Math.Min(height, end - row) * columns;
            ReadOnlySpan<T> y = output.Span.Slice(row * columns, count);
            ReadOnlySpan<T> dy = outputGradient.Span.Slice(row * columns, count);
            Products<V, S>(y, dy, columns, vectors);
            S.Store(RowGroup.Sum<V, S, T>(vectors), ref dots[0]);
            Centered<V, S>(y, dy, dots, columns, inputGradient.Span.Slice(row * columns, count));
        }
    }

    // A vector for each row whose elements add up to Σ dyⱼ yⱼ.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products<V, S>(ReadOnlySpan<T> y, ReadOnlySpan<T> dy, int columns, Span<T> vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int r = 0; y.Length > 0; r += S.Count)
        {
            V sum = S.Zero;
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
                sum = S.MultiplyAdd(S.Load(in y[i]), S.Load(in dy[i]), sum);
            int rest = columns - i;
            if (rest > 0)
                sum = S.MultiplyAdd(S.LoadFirst(in y[i], rest), S.LoadFirst(in dy[i], rest), sum);
            S.Store(sum, ref vectors[r]);
            y = y[columns..];
            dy = dy[columns..];
        }
    }

    // dx = y (dy − dot)
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Centered<V, S>(ReadOnlySpan<T> y, ReadOnlySpan<T> dy, ReadOnlySpan<T> dots, int columns, Span<T> dx)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int r = 0; y.Length > 0; r++)
        {
            V dot = S.Fill(dots[r]);
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
                S.Store(S.Multiply(S.Load(in y[i]), S.Subtract(S.Load(in dy[i]), dot)), ref dx[i]);
            int rest = columns - i;
            if (rest > 0)
                S.StoreFirst(S.Multiply(S.LoadFirst(in y[i], rest), S.Subtract(S.LoadFirst(in dy[i], rest), dot)), ref dx[i], rest);
            y = y[columns..];
            dy = dy[columns..];
            dx = dx[columns..];
        }
    }
}
