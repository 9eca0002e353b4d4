namespace Benchmarks.Steps;

/// <summary>
/// A model and its batches. The sizes are those of the PyTorch programs that the steps are compared with.
/// </summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="ModelSize">Length of the vector at each position.</param>
/// <param name="HeadCount">Attention heads.</param>
/// <param name="FeedForwardSize">Inner size of the feed-forward networks.</param>
/// <param name="LayerCount">Layers; of a translation model, in encoder and decoder each.</param>
/// <param name="VocabularySize">Tokens; of a translation model, on either side.</param>
/// <param name="BatchSize">Sequences in a batch.</param>
/// <param name="Length">The longest sequence, in tokens.</param>
/// <param name="DropoutRate">Probability at every dropout.</param>
internal sealed record StepPreset(
    string Name, int ModelSize, int HeadCount, int FeedForwardSize, int LayerCount, int VocabularySize, int BatchSize, int Length,
    double DropoutRate = 0.1)
{
    /// <summary>The language model; the others translate.</summary>
    public const string Gpt = "gpt";

    public static IReadOnlyList<StepPreset> All { get; } =
    [
        new("tiny", ModelSize: 64, HeadCount: 4, FeedForwardSize: 128, LayerCount: 2, VocabularySize: 1000, BatchSize: 32, Length: 16),
        new("small", ModelSize: 128, HeadCount: 8, FeedForwardSize: 512, LayerCount: 3, VocabularySize: 8000, BatchSize: 64, Length: 24),
        new("base", ModelSize: 256, HeadCount: 8, FeedForwardSize: 1024, LayerCount: 3, VocabularySize: 10000, BatchSize: 128, Length: 24),
        new("long", ModelSize: 128, HeadCount: 8, FeedForwardSize: 512, LayerCount: 2, VocabularySize: 8000, BatchSize: 4, Length: 1024),
        new(Gpt, ModelSize: 192, HeadCount: 6, FeedForwardSize: 768, LayerCount: 6, VocabularySize: 4096, BatchSize: 4, Length: 64, DropoutRate: 0),
    ];

    public static StepPreset Named(string name) => All.Single(preset => preset.Name == name);
}
