using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// The rows of a matrix in blocks that depend on its size alone, for sums over rows that are made while the rows are at hand: each block adds up
/// its own rows, then the blocks are added in their order. The same bits at any number of threads.
/// </summary>
internal readonly struct RowBlocks(int rows, int columns)
{
    // Enough blocks to share out among threads, few enough that adding them up costs nothing.
    private const int MostBlocks = 32;
    private const int FewestElements = 8 * 1024;

    private readonly int height = Math.Max(1, Math.Max((rows + MostBlocks - 1) / MostBlocks, FewestElements / Math.Max(columns, 1)));

    /// <summary>Number of blocks.</summary>
    public int Count => (rows + height - 1) / height;

    /// <summary>Elements in a block.</summary>
    public long Elements => (long)height * columns;

    /// <summary>The first row of a block, which is also the end of the one before.</summary>
    public int Start(int block) => (int)Math.Min((long)block * height, rows);

    /// <summary>sums[j] = Σ over blocks of partial[block, j]; nothing to do where the sums are not wanted.</summary>
    public void AddUp<T>(ReadOnlySpan<T> partial, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!sums.IsEmpty)
            Reduction.SumVectors(partial[..(Count * columns)], sums, outer: 1, axis: Count, inner: columns);
    }
}
