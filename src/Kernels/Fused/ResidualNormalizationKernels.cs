using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>s = x + dropout(y), z = LayerNorm(s): some rows are added up, then normalized while they are in the first-level cache.</summary>
internal readonly struct ResidualNormalizationKernel<T>(SharedSpan<T> residual, SharedSpan<T> input, DropoutMask<T> mask, SharedSpan<T> sum,
    LayerNormalizationKernel<T> normalization, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        int step = RowGroup.Height<T>(columns, S.Count);
        for (int row = start; row < end; row += step)
        {
            int count = Math.Min(step, end - row);
            int first = row * columns;
            int length = count * columns;
            DropoutLoops.AddDropped<V, S, T>(
                residual.Span.Slice(first, length), input.Span.Slice(first, length), mask, first, sum.Span.Slice(first, length));
            normalization.Run<V, S>(row, row + count);
        }
    }
}

/// <summary>∂L/∂x = ∂L/∂s and ∂L/∂y = dropout(∂L/∂s): an item is a block of rows.</summary>
internal readonly struct ResidualNormalizationGradientKernel<T>(LayerNormalizationGradientKernel<T> normalization, DropoutMask<T> mask,
    SharedSpan<T> residualGradient, SharedSpan<T> inputGradient, RowBlocks blocks, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        int step = RowGroup.Height<T>(columns, S.Count);
        for (int block = start; block < end; block++)
        {
            normalization.Clear(block);
            int last = blocks.Start(block + 1);
            for (int row = blocks.Start(block); row < last; row += step)
            {
                int count = Math.Min(step, last - row);
                normalization.Rows<V, S>(block, row, row + count);
                if (inputGradient.IsEmpty)
                    continue;
                int first = row * columns;
                int length = count * columns;
                DropoutLoops.Drop<V, S, T>(residualGradient.Span.Slice(first, length), mask, first, inputGradient.Span.Slice(first, length));
            }
        }
    }
}
