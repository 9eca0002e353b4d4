using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>
/// Where an incremental decoding of a batch stands: for each decoder layer, the keys and values of the target positions so
/// far and those of the memory. It outlives each <see cref="Step"/>, so one step for each token keeps memory small.
/// </summary>
public sealed class DecodingState
{
    private int[] sentences;

    /// <summary>Projects the memory for every layer, once.</summary>
    /// <param name="decoder">Whose layers.</param>
    /// <param name="memory">The encoder's result, [batch, sourceLength, modelSize].</param>
    /// <param name="sourceMask">False where the source is padding, [batch, 1, 1, sourceLength].</param>
    public DecodingState(Decoder decoder, Tensor memory, Mask sourceMask)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(memory);
        using NoGradient scope = new();
        int batchSize = memory.Shape[0];
        Memory = [.. decoder.Layers.Select(layer => KeyValueCache.Of(layer.CrossAttention.KeysAndValues(memory), sourceMask))];
        // Most targets are little longer than their sources.
        int expectedLength = memory.Shape[1] * 5 / 4;
        Target = [.. decoder.Layers.Select(_ => KeyValueCache.Empty(batchSize, memory.Shape[2], memory.DType, expectedLength))];
        sentences = [.. Enumerable.Range(0, batchSize)];
    }

    /// <summary>Number of target positions decoded so far.</summary>
    public int Length { get; internal set; }

    /// <summary>Number of rows in the batch.</summary>
    public int BatchSize => sentences.Length;

    internal IReadOnlyList<KeyValueCache> Target { get; }

    internal IReadOnlyList<KeyValueCache> Memory { get; }

    /// <summary>
    /// Keeps these rows of the batch, in this order: drop finished sentences, or follow the hypotheses that a beam kept.
    /// A row may come several times.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void Select(params ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            if (row < 0 || row >= BatchSize)
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"DecodingState: the rows are 0 to {BatchSize - 1}.");
        }

        foreach (KeyValueCache cache in Target)
            cache.Select(rows);
        int[] before = sentences;
        sentences = Array.ConvertAll(rows.ToArray(), row => before[row]);
        // Hypotheses of one sentence share its memory: while beams are only reordered, it stays as it is.
        if (sentences.AsSpan().SequenceEqual(before))
            return;
        foreach (KeyValueCache cache in Memory)
            cache.Select(rows);
    }
}
