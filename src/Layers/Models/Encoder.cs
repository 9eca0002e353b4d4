using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Layers;

/// <summary>
/// The encoder (Vaswani et al. 2017, figure 1 left): a stack of layers, and a norm at its end. (The paper has no such norm
/// after a post-norm stack; <c>torch.nn.Transformer</c> has one in both variants, and so has this.)
/// </summary>
public sealed class Encoder : Module
{
    /// <summary>A stack of new layers, keys <c>layers.0</c>, <c>layers.1</c>, … and <c>norm</c>.</summary>
    /// <param name="layerCount">Number of layers.</param>
    /// <param name="placement">Where the layers normalize.</param>
    /// <param name="settings">Sizes, dropout and activation of each.</param>
    /// <param name="streams">Where random numbers come from.</param>
    public Encoder(int layerCount, NormPlacement placement, LayerSettings settings, RandomStreams streams)
    {
        ArgumentNullException.ThrowIfNull(settings);
        EncoderLayer[] layers = new EncoderLayer[layerCount];
        for (int i = 0; i < layerCount; i++)
            layers[i] = Register($"layers.{i}", EncoderLayer.Create(placement, settings, streams));
        Layers = layers;
        Norm = Register("norm", new LayerNorm(settings.ModelSize, settings.DType));
    }

    /// <summary>The layers, first one first.</summary>
    public IReadOnlyList<EncoderLayer> Layers { get; }

    /// <summary>The norm at the end.</summary>
    public LayerNorm Norm { get; }

    /// <inheritdoc/>
    public override string OutputShape => Norm.OutputShape;

    /// <summary>Embedded source → memory.</summary>
    /// <param name="x">[batch, sourceLength, modelSize].</param>
    /// <param name="mask">True = may attend; usually the padding mask [batch, 1, 1, sourceLength]; null for none.</param>
    /// <param name="causal">True where a position must not see later ones, as in <see cref="GptModel"/>.</param>
    /// <returns>[batch, sourceLength, modelSize].</returns>
    public Tensor Forward(Tensor x, Mask? mask = null, bool causal = false)
    {
        using ModuleScope scope = Enter();
        foreach (EncoderLayer layer in Layers)
            x = layer.Forward(x, mask, causal);
        return Norm.Forward(x);
    }
}
