using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Layers;

/// <summary>
/// A layer of the encoder (Vaswani et al. 2017, figure 1 left): self-attention, then a feed-forward network, each with a
/// residual connection, dropout (section 5.4) and a norm. Where the norms stand is what the two derived classes differ in.
/// Keys as in <c>torch.nn.TransformerEncoderLayer</c>.
/// </summary>
public abstract class EncoderLayer : Module
{
    private protected EncoderLayer(LayerSettings settings, RandomStreams streams)
    {
        ArgumentNullException.ThrowIfNull(settings);
        SelfAttention = Register("self_attn", new MultiHeadAttention(
            settings.ModelSize, settings.HeadCount, settings.DropoutRate, streams, settings.DType));
        Dropout1 = Register("dropout1", new Dropout(settings.DropoutRate, streams));
        FeedForward = Register("feed_forward", new FeedForward(settings, streams), namedInKeys: false);
        Dropout2 = Register("dropout2", new Dropout(settings.DropoutRate, streams));
        Norm1 = Register("norm1", new LayerNorm(settings.ModelSize, settings.DType));
        Norm2 = Register("norm2", new LayerNorm(settings.ModelSize, settings.DType));
    }

    /// <summary>Attention of the source to itself.</summary>
    public MultiHeadAttention SelfAttention { get; }

    /// <summary>The feed-forward network.</summary>
    public FeedForward FeedForward { get; }

    /// <summary>The self-attention's norm.</summary>
    public LayerNorm Norm1 { get; }

    /// <summary>The feed-forward network's norm.</summary>
    public LayerNorm Norm2 { get; }

    /// <inheritdoc/>
    public override string OutputShape => Norm2.OutputShape;

    /// <summary>A layer with its norms in this place.</summary>
    public static EncoderLayer Create(NormPlacement placement, LayerSettings settings, RandomStreams streams) =>
        placement == NormPlacement.Post
            ? new PostNormEncoderLayer(settings, streams)
            : new PreNormEncoderLayer(settings, streams);

    /// <summary>One layer.</summary>
    /// <param name="x">[batch, sourceLength, modelSize].</param>
    /// <param name="mask">True = may attend; usually the padding mask [batch, 1, 1, sourceLength]; null for none.</param>
    /// <param name="causal">True where a position must not see later ones: a layer of a language model.</param>
    /// <returns>[batch, sourceLength, modelSize].</returns>
    public abstract Tensor Forward(Tensor x, Mask? mask = null, bool causal = false);

    private protected Dropout Dropout1 { get; }

    private protected Dropout Dropout2 { get; }

    private protected Tensor Attend(Tensor x, Mask? mask, bool causal) => SelfAttention.Forward(x, x, x, mask, causal);
}

/// <summary>An encoder layer as the paper has it, LayerNorm(x + Dropout(Sublayer(x))).</summary>
/// <param name="settings">Sizes, dropout and activation.</param>
/// <param name="streams">Where random numbers come from.</param>
public sealed class PostNormEncoderLayer(LayerSettings settings, RandomStreams streams) : EncoderLayer(settings, streams)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Mask? mask = null, bool causal = false)
    {
        using ModuleScope scope = Enter();
        x = Norm1.Residual(x, Attend(x, mask, causal), Dropout1);
        x = Norm2.Residual(x, FeedForward.Forward(x), Dropout2);
        return x;
    }
}

/// <summary>An encoder layer with its norms inside the residual branches, x + Dropout(Sublayer(LayerNorm(x))).</summary>
/// <param name="settings">Sizes, dropout and activation.</param>
/// <param name="streams">Where random numbers come from.</param>
public sealed class PreNormEncoderLayer(LayerSettings settings, RandomStreams streams) : EncoderLayer(settings, streams)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Mask? mask = null, bool causal = false)
    {
        using ModuleScope scope = Enter();
        x = Dropout1.Residual(x, Attend(Norm1.Forward(x), mask, causal));
        x = Dropout2.Residual(x, FeedForward.Forward(Norm2.Forward(x)));
        return x;
    }
}
