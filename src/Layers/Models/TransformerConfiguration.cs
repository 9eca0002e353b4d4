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
        AtLeast(1, SourceVocabularySize, nameof(SourceVocabularySize));
        AtLeast(1, TargetVocabularySize, nameof(TargetVocabularySize));
        AtLeast(1, ModelSize, nameof(ModelSize));
        AtLeast(1, HeadCount, nameof(HeadCount));
        AtLeast(1, FeedForwardSize, nameof(FeedForwardSize));
        AtLeast(0, EncoderLayerCount, nameof(EncoderLayerCount));
        AtLeast(0, DecoderLayerCount, nameof(DecoderLayerCount));
        AtLeast(1, MaximumLength, nameof(MaximumLength));
        Demand(
            ModelSize % HeadCount == 0,
            $"ModelSize {ModelSize} does not divide into {HeadCount} heads; make it a multiple of HeadCount, such as {(ModelSize / HeadCount + 1) * HeadCount}");
        Demand(DropoutRate >= 0 && DropoutRate < 1, $"DropoutRate is a probability from 0 to below 1, not {DropoutRate}; 0 turns dropout off");
        int smaller = Math.Min(SourceVocabularySize, TargetVocabularySize);
        Demand(PaddingIndex >= 0 && PaddingIndex < smaller, $"PaddingIndex is a token of both vocabularies, 0 to {smaller - 1}, not {PaddingIndex}");
        Demand(Enum.IsDefined(NormPlacement), $"NormPlacement is {nameof(NormPlacement.Post)} or {nameof(NormPlacement.Pre)}, not {NormPlacement}");
        Demand(Enum.IsDefined(Activation), $"Activation is {nameof(Activation.Relu)}, {nameof(Activation.Gelu)} or {nameof(Activation.GeluTanh)}, not {Activation}");
        Demand(Enum.IsDefined(Positions), $"Positions is {nameof(PositionKind.Sinusoidal)} or {nameof(PositionKind.Learned)}, not {Positions}");
        Demand(Enum.IsDefined(DType), $"DType is {nameof(DType.Float32)} or {nameof(DType.Float64)}, not {DType}");
    }

    private static void AtLeast(int least, int value, string name) =>
        Demand(value >= least, $"{name} is {least} or more, not {value}");

    private static void Demand(bool holds, FormattableString rule)
    {
        if (!holds)
            throw new ArgumentException($"TransformerConfiguration: {FormattableString.Invariant(rule)}.");
    }
}
