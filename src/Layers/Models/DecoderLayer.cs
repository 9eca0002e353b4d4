using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Layers;

/// <summary>
/// A layer of the decoder (Vaswani et al. 2017, figure 1 right): masked self-attention, attention to the encoder's result,
/// then a feed-forward network, each with a residual connection, dropout and a norm. Where the norms stand is what the two
/// derived classes differ in. Keys as in <c>torch.nn.TransformerDecoderLayer</c>.
/// </summary>
public abstract class DecoderLayer : Module
{
    private protected DecoderLayer(LayerSettings settings, RandomStreams streams)
    {
        ArgumentNullException.ThrowIfNull(settings);
        SelfAttention = Register("self_attn", new MultiHeadAttention(
            settings.ModelSize, settings.HeadCount, settings.DropoutRate, streams, settings.DType));
        Dropout1 = Register("dropout1", new Dropout(settings.DropoutRate, streams));
        CrossAttention = Register("multihead_attn", new MultiHeadAttention(
            settings.ModelSize, settings.HeadCount, settings.DropoutRate, streams, settings.DType));
        Dropout2 = Register("dropout2", new Dropout(settings.DropoutRate, streams));
        FeedForward = Register("feed_forward", new FeedForward(settings, streams), namedInKeys: false);
        Dropout3 = Register("dropout3", new Dropout(settings.DropoutRate, streams));
        Norm1 = Register("norm1", new LayerNorm(settings.ModelSize, settings.DType));
        Norm2 = Register("norm2", new LayerNorm(settings.ModelSize, settings.DType));
        Norm3 = Register("norm3", new LayerNorm(settings.ModelSize, settings.DType));
    }

    /// <summary>Attention of the target to itself; no position sees a later one.</summary>
    public MultiHeadAttention SelfAttention { get; }

    /// <summary>Attention of the target to the memory, the encoder's result.</summary>
    public MultiHeadAttention CrossAttention { get; }

    /// <summary>The feed-forward network.</summary>
    public FeedForward FeedForward { get; }

    /// <summary>The self-attention's norm.</summary>
    public LayerNorm Norm1 { get; }

    /// <summary>The cross-attention's norm.</summary>
    public LayerNorm Norm2 { get; }

    /// <summary>The feed-forward network's norm.</summary>
    public LayerNorm Norm3 { get; }

    /// <inheritdoc/>
    public override string OutputShape => Norm3.OutputShape;

    /// <summary>A layer with its norms in this place.</summary>
    public static DecoderLayer Create(NormPlacement placement, LayerSettings settings, RandomStreams streams) =>
        placement == NormPlacement.Post
            ? new PostNormDecoderLayer(settings, streams)
            : new PreNormDecoderLayer(settings, streams);

    /// <summary>One layer over whole targets.</summary>
    /// <param name="x">[batch, targetLength, modelSize].</param>
    /// <param name="memory">The encoder's result, [batch, sourceLength, modelSize].</param>
    /// <param name="targetMask">True = may attend, beside the causal mask that is always there; null for none.</param>
    /// <param name="sourceMask">True = may attend; broadcasts to [batch, head, targetLength, sourceLength]; null for none.</param>
    /// <param name="crossWeights">Receives the cross-attention's weights, [batch, head, targetLength, sourceLength]; null for none.</param>
    /// <returns>[batch, targetLength, modelSize].</returns>
    public Tensor Forward(Tensor x, Tensor memory, Mask? targetMask, Mask? sourceMask, ICollection<Tensor>? crossWeights = null)
    {
        using ModuleScope scope = Enter();
        return Connect(x, AttendToTarget, AttendToMemory);

        Tensor AttendToTarget(Tensor y) => SelfAttention.Forward(y, y, y, targetMask, causal: true);

        Tensor AttendToMemory(Tensor y)
        {
            if (crossWeights is null)
                return CrossAttention.Forward(y, memory, memory, sourceMask);
            Tensor result = CrossAttention.Forward(y, memory, memory, sourceMask, causal: false, out Tensor weights);
            crossWeights.Add(weights);
            return result;
        }
    }

    /// <summary>One layer over the next position of each target; earlier ones are in the caches.</summary>
    /// <param name="x">[batch, 1, modelSize].</param>
    /// <param name="target">Keys and values of the self-attention; the new position's are added.</param>
    /// <param name="memory">Keys and values of the cross-attention.</param>
    /// <param name="keep">False where the new position is padding, [batch, 1, 1, 1].</param>
    /// <param name="crossWeights">Receives the cross-attention's weights, [batch, head, 1, sourceLength]; null for none.</param>
    /// <returns>[batch, 1, modelSize].</returns>
    public Tensor Step(Tensor x, KeyValueCache target, KeyValueCache memory, Mask keep, ICollection<Tensor>? crossWeights = null)
    {
        using ModuleScope scope = Enter();
        return Connect(x, AttendToTarget, AttendToMemory);

        Tensor AttendToTarget(Tensor y) => SelfAttention.Continue(y, target, keep);

        Tensor AttendToMemory(Tensor y)
        {
            if (crossWeights is null)
                return CrossAttention.Forward(y, memory);
            Tensor result = CrossAttention.Forward(y, memory, out Tensor weights);
            crossWeights.Add(weights);
            return result;
        }
    }

    /// <summary>The three sublayers, their residual connections and norms.</summary>
    private protected abstract Tensor Connect(Tensor x, Func<Tensor, Tensor> attendToTarget, Func<Tensor, Tensor> attendToMemory);

    private protected Dropout Dropout1 { get; }

    private protected Dropout Dropout2 { get; }

    private protected Dropout Dropout3 { get; }
}

/// <summary>A decoder layer as the paper has it, LayerNorm(x + Dropout(Sublayer(x))).</summary>
/// <param name="settings">Sizes, dropout and activation.</param>
/// <param name="streams">Where random numbers come from.</param>
public sealed class PostNormDecoderLayer(LayerSettings settings, RandomStreams streams) : DecoderLayer(settings, streams)
{
    private protected override Tensor Connect(Tensor x, Func<Tensor, Tensor> attendToTarget, Func<Tensor, Tensor> attendToMemory)
    {
        x = Norm1.Residual(x, attendToTarget(x), Dropout1);
        x = Norm2.Residual(x, attendToMemory(x), Dropout2);
        x = Norm3.Residual(x, FeedForward.Forward(x), Dropout3);
        return x;
    }
}

/// <summary>A decoder layer with its norms inside the residual branches, x + Dropout(Sublayer(LayerNorm(x))).</summary>
/// <param name="settings">Sizes, dropout and activation.</param>
/// <param name="streams">Where random numbers come from.</param>
public sealed class PreNormDecoderLayer(LayerSettings settings, RandomStreams streams) : DecoderLayer(settings, streams)
{
    private protected override Tensor Connect(Tensor x, Func<Tensor, Tensor> attendToTarget, Func<Tensor, Tensor> attendToMemory)
    {
        x = Dropout1.Residual(x, attendToTarget(Norm1.Forward(x)));
        x = Dropout2.Residual(x, attendToMemory(Norm2.Forward(x)));
        x = Dropout3.Residual(x, FeedForward.Forward(Norm3.Forward(x)));
        return x;
    }
}
