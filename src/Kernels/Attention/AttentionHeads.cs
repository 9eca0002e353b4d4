using System.Numerics;

namespace Transformer.Kernels;

/// <summary>How attention is cut: a head of a sentence is a chunk, and its target rows are worked on a block at a time.</summary>
internal static class AttentionHeads
{
    /// <summary>Target rows in a block: enough for the matrix product, few enough that their scores stay in the cache.</summary>
    public const int RowsInBlock = 64;

    private const long ParallelOperations = 200_000;

    public static int BlockRows(AttentionShape shape) => Math.Min(RowsInBlock, shape.TargetLength);

    /// <summary>Runs a chunk for each head of each sentence, on several threads where that pays.</summary>
    public static void Run<T, TBody>(in AttentionProblem<T> problem, in TBody heads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TBody : struct, IChunkBody
    {
        if (problem.Shape.WeightCount * (problem.Shape.HeadSize + 8L) * 4 >= ParallelOperations)
        {
            Workers.Run(problem.HeadCount, heads);
            return;
        }
        TBody work = heads;
        for (int head = 0; head < problem.HeadCount; head++)
            work.Run(head);
    }
}
