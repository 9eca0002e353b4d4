using System.Numerics;

namespace Transformer.Kernels;

/// <summary>What is done for one head of one sequence, or for one part of it.</summary>
internal interface IAttentionItem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    void Run(in AttentionProblem<T> problem, in AttentionHead<T> head, int part);
}

/// <summary>How attention is spread over threads: heads of sequences, the long ones in parts, the short ones several to a chunk.</summary>
internal static class AttentionItems
{
    private const long ParallelOperations = 200_000;
    private const long ChunkOperations = 300_000;

    /// <summary>Runs an item for each part of each head of each sequence.</summary>
    public static void Run<T, TItem>(in AttentionProblem<T> problem, int parts, TItem item)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TItem : struct, IAttentionItem<T>
    {
        int items = problem.Sequences * parts * problem.Shape.Heads;
        if (items == 0)
            return;
        long operations = problem.Pairs * problem.Shape.Heads * (problem.Shape.HeadSize + 8L) * 4;
        int grain = (int)Math.Clamp(ChunkOperations * items / Math.Max(operations, 1), 1, items);
        var chunks = new Chunks<T, TItem>(problem, parts, item, items, operations < ParallelOperations ? items : grain);
        Workers.Run((items + chunks.Grain - 1) / chunks.Grain, chunks);
    }

    private readonly struct Chunks<T, TItem>(AttentionProblem<T> problem, int parts, TItem item, int items, int grain) : IChunkBody
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TItem : struct, IAttentionItem<T>
    {
        public int Grain => grain;

        // Heads of one part of a sequence follow each other: their rows lie side by side.
        public void Run(int chunk)
        {
            int end = (int)Math.Min(((long)chunk + 1) * grain, items);
            for (int i = chunk * grain; i < end; i++)
            {
                (int row, int head) = Math.DivRem(i, problem.Shape.Heads);
                (int sequence, int part) = Math.DivRem(row, parts);
                item.Run(problem, new AttentionHead<T>(problem, sequence, head), part);
            }
        }
    }
}
