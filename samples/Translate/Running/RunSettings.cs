using System.Globalization;
using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Data;
using Transformer.Training.Optimizers;
using Transformer.Training.Schedules;

namespace Transformer.Samples.Translate.Running;

/// <summary>
/// Everything that the parameters of a finished run depend on, beside the text. A resumed run must agree with all of it;
/// its epochs, minutes, threads and folder may differ.
/// </summary>
internal sealed record RunSettings
{
    /// <summary>Gradients are clipped to this global norm.</summary>
    public const double LargestGradientNorm = 1;

    /// <summary>Of every run.</summary>
    public static readonly AdamOptions Adam = AdamOptions.Paper;

    public bool BytePairs { get; init; }

    /// <summary>Merges that a byte-pair encoding learns for each language.</summary>
    public int MergeCount { get; init; } = 4000;

    public bool LowerCase { get; init; }

    public int MinimumFrequency { get; init; } = 2;

    /// <summary>Sentence pairs with more tokens on a side are left out.</summary>
    public int MaximumLength { get; init; } = 100;

    public required int LayerCount { get; init; }

    public required int ModelSize { get; init; }

    public required int HeadCount { get; init; }

    public required int FeedForwardSize { get; init; }

    public double Dropout { get; init; } = 0.1;

    public NormPlacement NormPlacement { get; init; } = NormPlacement.Post;

    /// <summary>Whether the output projection is the target embedding.</summary>
    public bool TiedOutput { get; init; }

    /// <summary>Sentence pairs in a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Decay of the moving average of the parameters, which is then what is validated and saved; 0 for none.</summary>
    public double AverageDecay { get; init; }

    /// <summary>The largest learning rate, that at the end of the warm-up.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Steps of linear warm-up; then the rate falls with the inverse square root of the step.</summary>
    public required int WarmUp { get; init; }

    public double LabelSmoothing { get; init; } = 0.1;

    public ulong Seed { get; init; } = 1;

    public DType Precision { get; init; } = DType.Float32;

    /// <summary>The model for vocabularies of these sizes.</summary>
    public TransformerConfiguration Configuration(Vocabulary source, Vocabulary target) => new()
    {
        SourceVocabularySize = source.Count,
        TargetVocabularySize = target.Count,
        ModelSize = ModelSize,
        HeadCount = HeadCount,
        FeedForwardSize = FeedForwardSize,
        EncoderLayerCount = LayerCount,
        DecoderLayerCount = LayerCount,
        DropoutRate = Dropout,
        NormPlacement = NormPlacement,
        Activation = Activation.Relu,
        TiedOutput = TiedOutput,
        // Translating may meet longer sentences than training did: sinusoids have no end.
        MaximumLength = Math.Max(256, 2 * MaximumLength),
        DType = Precision,
    };

    /// <summary>The settings under the names of their options, as a checkpoint keeps them.</summary>
    public Dictionary<string, string> Named() => new()
    {
        ["--tokenizer"] = BytePairs ? "bpe" : "word",
        ["--lower-case"] = LowerCase ? "true" : "false",
        ["--min-frequency"] = Text(MinimumFrequency),
        ["--max-length"] = Text(MaximumLength),
        ["--layers"] = Text(LayerCount),
        ["--model-size"] = Text(ModelSize),
        ["--heads"] = Text(HeadCount),
        ["--feed-forward"] = Text(FeedForwardSize),
        ["--dropout"] = Text(Dropout),
        ["--norm"] = NormPlacement == NormPlacement.Pre ? "pre" : "post",
        ["--batch"] = Text(Batch),
        ["--learning-rate"] = Text(LearningRate),
        ["--warm-up"] = Text(WarmUp),
        ["--label-smoothing"] = Text(LabelSmoothing),
        ["--average"] = Text(AverageDecay),
        ["--seed"] = Text(Seed),
        ["--precision"] = Precision == DType.Float64 ? "double" : "single",
        ["tied output (by --preset)"] = TiedOutput ? "true" : "false",
        ["--merges"] = Text(MergeCount),
        // No option changes these, but another version of the program might.
        ["largest gradient norm"] = Text(LargestGradientNorm),
        ["optimizer"] = Adam.ToString(),
        ["schedule"] = nameof(InverseSquareRootSchedule),
        ["number of batches in a pool"] = Text(Batcher.BatchesInPool),
    };

    /// <summary>A few lines for the reader of a run.</summary>
    public string Describe() => string.Join('\n',
        FormattableString.Invariant($"model: {LayerCount}+{LayerCount} layers, size {ModelSize}, {HeadCount} heads, feed-forward {FeedForwardSize}, dropout {Dropout},"),
        FormattableString.Invariant($"  {(NormPlacement == NormPlacement.Pre ? "pre" : "post")}-norm, output {(TiedOutput ? "tied" : "not tied")} to the embedding, {(Precision == DType.Float64 ? "double" : "single")} precision"),
        FormattableString.Invariant($"training: batches of {Batch}, Adam, rate {LearningRate} after {WarmUp} steps, then falling with"),
        FormattableString.Invariant($"  the inverse square root, label smoothing {LabelSmoothing}, seed {Seed}{(AverageDecay > 0 ? FormattableString.Invariant($", parameters averaged with decay {AverageDecay}") : "")}"));

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
