using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Layers;

/// <summary>
/// The decoder (Vaswani et al. 2017, figure 1 right): a stack of layers, and a norm at its end as <see cref="Encoder"/> has one.
/// </summary>
public sealed class Decoder : Module
{
    /// <summary>A stack of new layers, keys <c>layers.0</c>, <c>layers.1</c>, … and <c>norm</c>.</summary>
    /// <param name="layerCount">Number of layers.</param>
    /// <param name="placement">Where the layers normalize.</param>
    /// <param name="settings">Sizes, dropout and activation of each.</param>
    /// <param name="streams">Where random numbers come from.</param>
    public Decoder(int layerCount, NormPlacement placement, LayerSettings settings, RandomStreams streams)
    {
        ArgumentNullException.ThrowIfNull(settings);
        DecoderLayer[] layers = new DecoderLayer[layerCount];
        for (int i = 0; i < layerCount; i++)
            layers[i] = Register($"layers.{i}", DecoderLayer.Create(placement, settings, streams));
        Layers = layers;
        Norm = Register("norm", new LayerNorm(settings.ModelSize, settings.DType));
    }

    /// <summary>The layers, first one first.</summary>
    public IReadOnlyList<DecoderLayer> Layers { get; }

    /// <summary>The norm at the end.</summary>
    public LayerNorm Norm { get; }

    /// <inheritdoc/>
    public override string OutputShape => Norm.OutputShape;

    /// <summary>Embedded targets and memory → one vector for each target position.</summary>
    /// <param name="x">[batch, targetLength, modelSize].</param>
    /// <param name="memory">The encoder's result, [batch, sourceLength, modelSize].</param>
    /// <param name="targetMask">True = may attend, beside the causal mask that is always there; null for none.</param>
    /// <param name="sourceMask">True = may attend; usually the padding mask [batch, 1, 1, sourceLength]; null for none.</param>
    /// <param name="crossWeights">
    /// Receives each layer's cross-attention weights, [batch, head, targetLength, sourceLength]; null for none.
    /// </param>
    /// <returns>[batch, targetLength, modelSize].</returns>
    public Tensor Forward(
        Tensor x, Tensor memory, Mask? targetMask = null, Mask? sourceMask = null, ICollection<Tensor>? crossWeights = null)
    {
        using ModuleScope scope = Enter();
        foreach (DecoderLayer layer in Layers)
            x = layer.Forward(x, memory, targetMask, sourceMask, crossWeights);
        return Norm.Forward(x);
    }

    /// <summary>The next position of each target, from what a state keeps of the earlier ones; it is added to the state.</summary>
    /// <param name="x">[batch, 1, modelSize].</param>
    /// <param name="state">Each layer's keys and values.</param>
    /// <param name="keep">False where the new position is padding, [batch, 1, 1, 1].</param>
    /// <param name="crossWeights">Receives each layer's cross-attention weights, [batch, head, 1, sourceLength]; null for none.</param>
    /// <returns>[batch, 1, modelSize].</returns>
    public Tensor Step(Tensor x, DecodingState state, Mask keep, ICollection<Tensor>? crossWeights = null)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(state);
        for (int i = 0; i < Layers.Count; i++)
            x = Layers[i].Step(x, state.Target[i], state.Memory[i], keep, crossWeights);
        state.Length++;
        return Norm.Forward(x);
    }
}
