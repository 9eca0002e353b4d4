using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>The weights that a forward pass did not keep, with vectors: the numbers that the backward pass computes, to the last bit.</summary>
internal static unsafe class AttentionWeights<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Writes the weights of every pair that may see each other; all others must be 0 already.</summary>
    public static void Run(in AttentionProblem<T> problem) => AttentionItems.Run(problem, 1, default(Head));

    private readonly struct Head : IAttentionItem<T>
    {
        public void Run(in AttentionProblem<T> problem, in AttentionHead<T> head, int part)
        {
            AttentionShape shape = problem.Shape;
            int size = AttentionCopies<V, S, T>.Whole(shape.HeadSize);
            byte* memory = null;
            Cut(problem, head, size, ref memory, out AttentionBlock<V, S, T> block, out T* transposed);
            memory = AttentionScratch.Of((long)memory);
            Cut(problem, head, size, ref memory, out block, out transposed);
            for (int source = 0; source < head.Sources; source += AttentionBlock<V, S, T>.MostColumns)
            {
                int width = Math.Min(AttentionBlock<V, S, T>.MostColumns, head.Sources - source);
                AttentionCopies<V, S, T>.LoadTransposed(head.Key + ((long)source * shape.KeyStride), shape.KeyStride, width, shape.HeadSize, transposed);
                for (int target = 0; target < head.Targets; target += AttentionBlock<V, S, T>.MostRows)
                {
                    int rows = Math.Min(AttentionBlock<V, S, T>.MostRows, head.Targets - target);
                    block.MoveTo(problem, head, target, rows, source, width);
                    AttentionProducts<V, S, T>.Scores(
                        head.Query + ((long)target * shape.QueryStride), shape.QueryStride, transposed,
                        block.Scores, block.Width, rows, shape.HeadSize, block.Reach);
                    AttentionRows<V, S, T>.Weights(block);
                    for (int row = 0; row < rows; row++)
                    {
                        int count = block.Reach.Count(row);
                        new Span<T>(block.Scores + ((nint)row * block.Width), count)
                            .CopyTo(new(problem.Weights + head.WeightIndex(target + row, source), count));
                    }
                }
            }
        }
    }

    private static void Cut(
        in AttentionProblem<T> problem, in AttentionHead<T> head, int size, ref byte* memory, out AttentionBlock<V, S, T> block, out T* transposed)
    {
        int columns = AttentionCopies<V, S, T>.Whole(Math.Min(AttentionBlock<V, S, T>.MostColumns, head.Sources));
        block = new(problem, head.Targets, head.Sources, gradients: false, ref memory);
        transposed = AttentionScratch.Cut<T>(ref memory, columns * size);
    }
}
