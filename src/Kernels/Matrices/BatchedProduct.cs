using System.Numerics;

namespace Transformer.Kernels;

/// <summary>Spreads a batch of matrix products over threads: groups of small matrices, or large ones singly; fewer than eight one after the other, with all threads on each.</summary>
internal static unsafe class BatchedProduct
{
    private const long ParallelOperations = 500_000;
    private const long OperationsInChunk = 200_000;

    /// <summary><paramref name="first"/> is the product of matrix (0, 0); the others lie from there as the layouts say.</summary>
    public static void Multiply<T>(
        in MatrixProductProblem<T> first, MatrixBatch layoutA, MatrixBatch layoutB, MatrixBatch layoutC, int outer, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long count = (long)outer * inner;
        if (count == 0)
            return;
        long operations = first.Operations;
        var batch = new Batch<T>(first, layoutA, layoutB, layoutC, inner, count, 1);
        if (count < 8 || count * operations < ParallelOperations)
        {
            batch.Multiply(0, count);
            return;
        }

        long group = Math.Clamp(OperationsInChunk / Math.Max(operations, 1), 1, count);
        group = Math.Max(group, (count + int.MaxValue - 1) / int.MaxValue);
        Workers.Run((int)((count + group - 1) / group), new Batch<T>(first, layoutA, layoutB, layoutC, inner, count, group));
    }

    private readonly struct Batch<T>(
        MatrixProductProblem<T> first, MatrixBatch layoutA, MatrixBatch layoutB, MatrixBatch layoutC, int inner, long count, long group) : IChunkBody
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int chunk)
        {
            Multiply(chunk * group, Math.Min(count, (chunk + 1) * group));
        }

        public void Multiply(long start, long end)
        {
            (long o, long i) = Math.DivRem(start, inner);
            for (long matrix = start; matrix < end; matrix++)
            {
                MatrixProduct.Multiply(first.At(
                    layoutA.Start((int)o, (int)i), layoutB.Start((int)o, (int)i), layoutC.Start((int)o, (int)i)));
                if (++i == inner)
                {
                    i = 0;
                    o++;
                }
            }
        }
    }
}
