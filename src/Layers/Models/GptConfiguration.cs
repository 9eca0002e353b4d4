using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>
/// The sizes of a <see cref="GptModel"/>. Those that are not set are GPT-2's smallest (Radford et al. 2019, table 2), trained
/// without dropout.
/// </summary>
public sealed record GptConfiguration
{
    // The inner layer of GPT's feed-forward networks is four times as wide as the model (Radford et al. 2018, section 4.1).
    private const int FeedForwardRatio = 4;

    /// <summary>Number of tokens.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Length of the vector at each position.</summary>
    public int ModelSize { get; init; } = 768;

    /// <summary>Number of attention heads; divides <see cref="ModelSize"/>.</summary>
    public int HeadCount { get; init; } = 12;

    /// <summary>Number of layers.</summary>
    public int LayerCount { get; init; } = 12;

    /// <summary>The longest sequence, in tokens.</summary>
    public int MaximumLength { get; init; } = 1024;

    /// <summary>
    /// Probability, in [0, 1), at every dropout: embeddings, attention weights, after each sublayer, and inside the feed-forward,
    /// where GPT-2 has none.
    /// </summary>
    public double DropoutRate { get; init; }

    /// <summary>Element type of the parameters.</summary>
    public DType DType { get; init; } = DType.Float32;

    /// <summary>Inner size of the feed-forward networks: four times <see cref="ModelSize"/>.</summary>
    public int FeedForwardSize => FeedForwardRatio * ModelSize;

    internal LayerSettings Layer => new(ModelSize, HeadCount, FeedForwardSize, DropoutRate, Activation.GeluTanh, DType);

    /// <summary>Throws where a model cannot be made.</summary>
    /// <exception cref="ArgumentException">A setting does not fit; the message says which, and what would.</exception>
    public void Validate()
    {
        SettingsCheck check = new(nameof(GptConfiguration));
        check.AtLeast(1, VocabularySize, nameof(VocabularySize));
        check.AtLeast(0, LayerCount, nameof(LayerCount));
        check.AtLeast(1, MaximumLength, nameof(MaximumLength));
        check.Layer(Layer);
    }
}
