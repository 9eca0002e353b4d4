namespace Transformer.Kernels;

/// <summary>
/// Which sources of a block the targets of a block see, where masks leave out whole stretches: target row r the first
/// <see cref="Count"/>(r), which are all where attention is not causal.
/// </summary>
/// <param name="offset">Row 0 sees <paramref name="offset"/> sources, each later row one more.</param>
/// <param name="width">The number of sources in the block: no row sees more.</param>
internal readonly struct AttentionReach(int offset, int width)
{
    /// <summary>Sources in the block.</summary>
    public int Width => width;

    /// <summary>How many sources row <paramref name="row"/> sees, from the first of the block on.</summary>
    public int Count(int row) => Math.Clamp(row + offset, 0, width);

    /// <summary>The first row that sees source <paramref name="source"/> of the block.</summary>
    public int FirstRow(int source) => Math.Max(source + 1 - offset, 0);
}
