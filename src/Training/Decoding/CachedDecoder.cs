using Transformer.Autograd;
using Transformer.Layers;

namespace Transformer.Training.Decoding;

/// <summary>A model's decoder on cached keys and values: each token costs one position, not the whole prefix.</summary>
public sealed class CachedDecoder : INextToken
{
    private readonly TransformerModel model;
    private readonly DecodingState state;

    /// <summary>Encodes a batch.</summary>
    /// <param name="model">In evaluation mode.</param>
    /// <param name="source">Source tokens, [batch, sourceLength].</param>
    public CachedDecoder(TransformerModel model, Indices source)
    {
        ArgumentNullException.ThrowIfNull(model);
        this.model = model;
        // The state keeps copies of its own; everything else goes back to the pool.
        using Step step = new();
        state = model.BeginDecoding(source);
    }

    /// <inheritdoc/>
    public int RowCount => state.BatchSize;

    /// <inheritdoc/>
    public Tensor Next(ReadOnlySpan<int> tokens) => model.DecodeStep(tokens, state);

    /// <inheritdoc/>
    public void Select(ReadOnlySpan<int> rows)
    {
        using Step step = new();
        state.Select(rows);
    }
}
