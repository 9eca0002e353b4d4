using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// A block of targets against a block of sources, in scratch memory: scores, which become powers or weights, and in a backward
/// pass their gradients, as rows that are <see cref="Width"/> apart.
/// </summary>
internal unsafe struct AttentionBlock<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Targets in a block: enough to use each vector of a source often, few enough that their scores stay in the cache.</summary>
    public const int MostRows = 64;

    /// <summary>Sources in a block: a longer row is worked on a part at a time.</summary>
    public const int MostColumns = 128;

    public T* Scores;
    public T* Gradients;
    public int Width;
    public int Rows;
    public AttentionReach Reach;

    public T Scale;
    public T* Maximum;
    public T* Inverse;

    /// <summary>The mask of each target's sources; null allows what the reach says.</summary>
    public bool* Allowed;
    public int AllowedStride;

    /// <summary>1 / (1 − rate) of the dropout, and the smallest random word that keeps an element.</summary>
    public T KeptScale;
    public uint KeptFrom;

    private bool* allowedRow;
    private uint* words;         // random ones; null without dropout
    private int* wordsOfRows;    // where each row's begin
    private ulong* wordBlocks;   // the blocks that they come from

    /// <summary>Cuts its memory off a stretch.</summary>
    public AttentionBlock(in AttentionProblem<T> problem, int mostTargets, int mostSources, bool gradients, ref byte* memory)
    {
        int rows = Math.Min(MostRows, mostTargets);
        int columns = AttentionCopies<V, S, T>.Whole(Math.Min(MostColumns, mostSources));
        Scale = problem.Scale;
        KeptScale = problem.Drops ? Dropout.Scale(problem.DropoutRate) : T.One;
        Scores = AttentionScratch.Cut<T>(ref memory, rows * columns);
        if (gradients)
            Gradients = AttentionScratch.Cut<T>(ref memory, rows * columns);
        if (problem.Allowed != null)
            allowedRow = AttentionScratch.Cut<bool>(ref memory, columns + S.Count);
        if (!problem.Drops)
            return;
        int blocks = (rows * ((columns / 4) + 2)) + PhiloxBlocks.Group;
        KeptFrom = Dropout.Threshold(problem.DropoutRate);
        words = AttentionScratch.Cut<uint>(ref memory, (4 * blocks) + S.Count);
        wordsOfRows = AttentionScratch.Cut<int>(ref memory, rows);
        wordBlocks = AttentionScratch.Cut<ulong>(ref memory, blocks);
    }

    /// <summary>Moves to the targets from <paramref name="target"/> and the sources from <paramref name="source"/> on; draws their dropout mask.</summary>
    public void MoveTo(in AttentionProblem<T> problem, in AttentionHead<T> head, int target, int rows, int source, int width)
    {
        Width = AttentionCopies<V, S, T>.Whole(width);
        Rows = rows;
        Reach = head.Reach(target, source, width);
        Maximum = head.Maximum + target;
        Inverse = head.Inverse + target;
        Allowed = head.AllowedRow(target);
        AllowedStride = problem.AllowedTargetStride;
        if (Allowed != null)
            Allowed += source;
        if (problem.Drops)
            Draw(problem, head.WeightIndex(target, source));
    }

    /// <summary>The mask of a row's sources, readable to whole vectors; null allows all that the reach says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool* AllowedRow(int row) => Allowed == null ? null : CopyAllowedRow(row);

    /// <summary>A random word for each source of a row, readable to whole vectors; null without dropout.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint* WordsOfRow(int row) => words == null ? null : words + wordsOfRows[row];

    private readonly bool* CopyAllowedRow(int row)
    {
        new ReadOnlySpan<bool>(Allowed + ((long)row * AllowedStride), Reach.Width).CopyTo(new(allowedRow, Reach.Width));
        new Span<bool>(allowedRow + Reach.Width, S.Count).Clear();
        return allowedRow;
    }

    // Element i of the mask is that of weight i in [batch, head, target, source], whose row length is that of all sources.
    private readonly void Draw(in AttentionProblem<T> problem, long firstWeight)
    {
        int count = 0;
        for (int row = 0; row < Rows; row++)
        {
            long first = firstWeight + ((long)row * problem.Shape.SourceLength);
            wordsOfRows[row] = (4 * count) + (int)(first % 4);
            long end = (first + Reach.Count(row) + 3) / 4;
            for (long block = first / 4; block < end; block++)
                wordBlocks[count++] = (ulong)block;
        }

        while (count % PhiloxBlocks.Group != 0)
            wordBlocks[count++] = 0;
        PhiloxBlocks.Fill(problem.DropoutKey, wordBlocks, count, words);
    }
}
