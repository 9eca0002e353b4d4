using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

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
