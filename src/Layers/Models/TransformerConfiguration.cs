using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>How a model says where a token stands.</summary>
public enum PositionKind
{
    /// <summary>Fixed waves, <see cref="SinusoidalEncoding"/>.</summary>
    Sinusoidal,

    /// <summary>A trained vector for each position, <see cref="LearnedEncoding"/>.</summary>
    Learned,
}

/// <summary>
/// The sizes and choices of a <see cref="TransformerModel"/>. Those that are not set are the base model's of the paper
/// (Vaswani et al. 2017, table 3).
/// </summary>
public sealed record TransformerConfiguration
{
    /// <summary>Number of source tokens.</summary>
    public required int SourceVocabularySize { get; init; }

    /// <summary>Number of target tokens.</summary>
    public required int TargetVocabularySize { get; init; }

    /// <summary>Length of the vector at each position.</summary>
    public int ModelSize { get; init; } = 512;

    /// <summary>Number of attention heads; divides <see cref="ModelSize"/>.</summary>
    public int HeadCount { get; init; } = 8;

    /// <summary>Inner size of the feed-forward networks.</summary>
    public int FeedForwardSize { get; init; } = 2048;

    /// <summary>Number of encoder layers.</summary>
    public int EncoderLayerCount { get; init; } = 6;

    /// <summary>Number of decoder layers.</summary>
    public int DecoderLayerCount { get; init; } = 6;

    /// <summary>Probability, in [0, 1), at every dropout: embeddings, attention weights, after each sublayer, inside the feed-forward.</summary>
    public double DropoutRate { get; init; } = 0.1;

    /// <summary>Where the layers normalize.</summary>
    public NormPlacement NormPlacement { get; init; } = NormPlacement.Post;

    /// <summary>The feed-forward networks' function.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>How positions are told apart.</summary>
    public PositionKind Positions { get; init; } = PositionKind.Sinusoidal;

    /// <summary>True where the output projection is the target embedding's table (section 3.4 of the paper).</summary>
    public bool TiedOutput { get; init; } = true;

    /// <summary>The longest source or target, in tokens.</summary>
    public int MaximumLength { get; init; } = 256;

    /// <summary>The token that fills up shorter sentences; the same on both sides.</summary>
    public int PaddingIndex { get; init; }

    /// <summary>Element type of the parameters.</summary>
    public DType DType { get; init; } = DType.Float32;

    internal LayerSettings Layer => new(ModelSize, HeadCount, FeedForwardSize, DropoutRate, Activation, DType);

    /// <summary>Throws where a model cannot be made.</summary>
    /// <exception cref="ArgumentException">A setting does not fit; the message says which, and what would.</exception>
    public void Validate()
    {
        SettingsCheck check = new(nameof(TransformerConfiguration));
        check.AtLeast(1, SourceVocabularySize, nameof(SourceVocabularySize));
        check.AtLeast(1, TargetVocabularySize, nameof(TargetVocabularySize));
        check.AtLeast(0, EncoderLayerCount, nameof(EncoderLayerCount));
        check.AtLeast(0, DecoderLayerCount, nameof(DecoderLayerCount));
        check.AtLeast(1, MaximumLength, nameof(MaximumLength));
        check.Layer(Layer);
        int smaller = Math.Min(SourceVocabularySize, TargetVocabularySize);
        check.Demand(
            PaddingIndex >= 0 && PaddingIndex < smaller,
            $"PaddingIndex is a token of both vocabularies, 0 to {smaller - 1}, not {PaddingIndex}");
        check.Demand(
            Enum.IsDefined(NormPlacement), $"NormPlacement is {nameof(NormPlacement.Post)} or {nameof(NormPlacement.Pre)}, not {NormPlacement}");
        check.Demand(
            Enum.IsDefined(Positions), $"Positions is {nameof(PositionKind.Sinusoidal)} or {nameof(PositionKind.Learned)}, not {Positions}");
    }
}
