using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal readonly struct SoftmaxKernel<T>(SharedSpan<T> input, SharedSpan<bool> mask, SharedSpan<T> output, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = start; row < end; row++)
        {
            ReadOnlySpan<T> x = input.Span.Slice(row * columns, columns);
            Span<T> y = output.Span.Slice(row * columns, columns);
            if (columns <= 2 * S.Count)
            {
                ShortRow<V, S>(x, mask.IsEmpty ? default : mask.Span.Slice(row * columns, columns), y);
                continue;
            }

            T largest = mask.IsEmpty
                ? RowLoops.Max<V, S, T>(x)
                : RowLoops.MaskedMax<V, S, T>(x, mask.Span.Slice(row * columns, columns), y);

            // Nothing is left: −∞ − (−∞) would be NaN.
            if (largest == T.NegativeInfinity)
            {
                y.Clear();
                continue;
            }
            T sum = RowLoops.ExpShifted<V, S, T>(mask.IsEmpty ? x : y, largest, y);
            RowLoops.Scale<V, S, T>(y, T.One / sum, y);
        }
    }

    // A row of up to two vectors, such as the attention of a sentence, never leaves the registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShortRow<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<bool> mask, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        V lowest = S.Fill(T.NegativeInfinity);
        int countA = Math.Min(x.Length, S.Count);
        int countB = x.Length - countA;
        V a = S.Select(S.FirstLanes(countA), S.LoadFirst(in x[0], countA), lowest);
        V b = countB == 0 ? lowest : S.Select(S.FirstLanes(countB), S.LoadFirst(in x[S.Count], countB), lowest);
        if (!mask.IsEmpty)
        {
            a = S.Select(S.LoadFirstMask(in mask[0], countA), a, lowest);
            if (countB > 0)
                b = S.Select(S.LoadFirstMask(in mask[S.Count], countB), b, lowest);
        }

        T largest = S.MaxElement(S.Max(a, b));
        if (largest == T.NegativeInfinity)
        {
            y.Clear();
            return;
        }
        V center = S.Fill(largest);
        a = VectorMath.Exp<V, S, T>(S.Subtract(a, center));
        b = VectorMath.Exp<V, S, T>(S.Subtract(b, center));
        V scale = S.Fill(T.One / S.Sum(S.Add(a, b)));
        S.StoreFirst(S.Multiply(a, scale), ref y[0], countA);
        if (countB > 0)
            S.StoreFirst(S.Multiply(b, scale), ref y[S.Count], countB);
    }
}

internal readonly struct SoftmaxGradientKernel<T>(SharedSpan<T> output, SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = start; row < end; row++)
        {
            ReadOnlySpan<T> y = output.Span.Slice(row * columns, columns);
            ReadOnlySpan<T> dy = outputGradient.Span.Slice(row * columns, columns);
            Span<T> dx = inputGradient.Span.Slice(row * columns, columns);
            RowLoops.Centered<V, S, T>(y, dy, RowLoops.Dot<V, S, T>(y, dy), dx);
        }
    }
}

internal readonly struct LogSoftmaxKernel<T>(SharedSpan<T> input, SharedSpan<bool> mask, SharedSpan<T> output, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = start; row < end; row++)
        {
            ReadOnlySpan<T> x = input.Span.Slice(row * columns, columns);
            Span<T> y = output.Span.Slice(row * columns, columns);
            T largest;
            if (mask.IsEmpty)
            {
                largest = RowLoops.Max<V, S, T>(x);
            }
            else
            {
                largest = RowLoops.MaskedMax<V, S, T>(x, mask.Span.Slice(row * columns, columns), y);
                x = y;
            }

            // Nothing is left: −∞ − (−∞) would be NaN.
            if (largest == T.NegativeInfinity)
            {
                y.Fill(T.NegativeInfinity);
                continue;
            }
            T logarithm = T.Log(RowLoops.SumOfExp<V, S, T>(x, largest));
            RowLoops.Shift<V, S, T>(x, largest, logarithm, y);
        }
    }
}

internal readonly struct LogSoftmaxGradientKernel<T>(SharedSpan<T> output, SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = start; row < end; row++)
        {
            ReadOnlySpan<T> y = output.Span.Slice(row * columns, columns);
            ReadOnlySpan<T> dy = outputGradient.Span.Slice(row * columns, columns);
            Span<T> dx = inputGradient.Span.Slice(row * columns, columns);
            RowLoops.SubtractExp<V, S, T>(dy, y, RowLoops.SumWhereFinite<V, S, T>(dy, y), dx);
        }
    }
}
