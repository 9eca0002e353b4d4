using System.CommandLine;
using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Samples.Translate.Running;
using Transformer.Training.Data;
using Transformer.Training.Recordings;

namespace Transformer.Samples.Translate.Commands;

/// <summary>The options of <c>train</c>, and the settings and limits that they come to.</summary>
internal sealed class TrainOptions
{
    private const int DefaultEpochs = 10;
    private const string DefaultFolder = "artifacts/train";

    private readonly Option<string?> preset = Options.Choice("--preset", Presets.Help, Presets.Names);
    private readonly Option<string?> tokenizer = Options.Choice(
        "--tokenizer", "Words, or byte pairs [default: word]", "word", "bpe");
    private readonly Option<int?> merges = Options.Integer("--merges", "Byte pairs that are merged in each language [default: 4000]", 1);
    private readonly Option<int?> epochs = Options.Integer("--epochs", $"Passes over the training pairs [default: {DefaultEpochs}, without --minutes]", 1);
    private readonly Option<double?> minutes = Options.Real("--minutes", "Training time instead of epochs", 0.001, 100_000);
    private readonly Option<int?> patience = Options.Integer("--patience", "End after so many epochs without a better validation loss", 1);
    private readonly Option<string?> precision = Options.Choice("--precision", "Floating point numbers [default: single]", "single", "double");
    private readonly Option<string?> folder = Options.Text("--out", "DIR", $"Where model and checkpoint go [default: {DefaultFolder}]");
    private readonly Option<int?> saveSteps = Options.Integer("--save-steps", "Save a checkpoint every N steps, too (it is saved after each epoch anyway)", 1);
    private readonly Option<bool> resume = Options.Switch(
        "--resume", "Go on from the checkpoint in --out; only threads, folder, recordings, the --score options and how long and how often (--epochs, --minutes, --patience, --save-steps) may differ");
    private readonly Option<int?> recordEvery = Options.Integer("--record-every", "Record every Nth step for the backprop debugger", 1);
    private readonly Option<Trap?> trap = Trap.Create();
    private readonly Option<string?> scoreSource = Options.Text("--score-source", "FILE", "Pairs whose BLEU (tokens) is reported after each epoch; its time does not count");
    private readonly Option<string?> scoreTarget = Options.Text("--score-target", "FILE", "Their reference translations");
    private readonly Option<int?> scoreBeam = SearchChoice.Beam("--score-beam", "Width of the beam search for that BLEU");
    private readonly Option<double?> scorePenalty = SearchChoice.Penalty("--score-length-penalty");
    private readonly Option<ulong?> seed = Options.Seed();

    private readonly Option<int?> layers = Options.Integer("--layers", "Layers of the encoder, and of the decoder", 1, 100);
    private readonly Option<int?> modelSize = Options.Integer("--model-size", "Length of the vector at each position", 2, 16_384);
    private readonly Option<int?> heads = Options.Integer("--heads", "Attention heads; they divide the model size", 1, 1024);
    private readonly Option<int?> feedForward = Options.Integer("--feed-forward", "Inner size of the feed-forward networks", 1, 65_536);
    private readonly Option<double?> dropout = Options.Real("--dropout", "Probability of dropout", 0, 0.99);
    private readonly Option<string?> norm = Options.Choice("--norm", "Layer norm behind each residual sum, or before each sublayer [default: post]", "post", "pre");
    private readonly Option<int?> batch = Options.Integer("--batch", "Sentence pairs in a batch", 1, 65_536);
    private readonly Option<double?> learningRate = Options.Real("--learning-rate", "The largest learning rate", 1e-12, 1e30);
    private readonly Option<int?> warmUp = Options.Integer("--warm-up", "Steps up to it", 1);
    private readonly Option<double?> labelSmoothing = Options.Real("--label-smoothing", "Share of the target that is spread over all words", 0, 0.99);
    private readonly Option<double?> average = Options.Real("--average", "Decay of a moving average of the parameters, which is then validated and saved; 0 for none", 0, 0.999999);
    private readonly Option<int?> minimumFrequency = Options.Integer("--min-frequency", "Rarer tokens are unknown", 1);
    private readonly Option<int?> maximumLength = Options.Integer("--max-length", "Pairs with more tokens on a side are left out [default: 100]", 1, 10_000);
    private readonly Option<bool?> lowerCase = new("--lower-case") { HelpName = "true|false", Description = "Lower-case the text first" };

    public IEnumerable<Option> All =>
    [
        Source, Target, ValidationSource, ValidationTarget, preset, tokenizer, merges, epochs, minutes, patience, seed, Threads, precision, folder,
        saveSteps, resume, scoreSource, scoreTarget, scoreBeam, scorePenalty, trap, recordEvery, Json, layers, modelSize, heads, feedForward, dropout, norm, batch, learningRate, warmUp, labelSmoothing, average,
        minimumFrequency, maximumLength, lowerCase,
    ];

    public Option<string> Source { get; } = Options.Required("--source", "FILE", "Sentences to translate from, one a line, UTF-8, plain or .gz");

    public Option<string> Target { get; } = Options.Required("--target", "FILE", "Their translations, line by line");

    public Option<string?> ValidationSource { get; } = Options.Text("--valid-source", "FILE", "Held-out pairs, to choose the best epoch by");

    public Option<string?> ValidationTarget { get; } = Options.Text("--valid-target", "FILE", "Their translations");

    public Option<int?> Threads { get; } = Options.Threads();

    public Option<bool> Json { get; } = Options.Json();

    /// <summary>The preset with what overrides it.</summary>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public RunSettings Settings(ParseResult parsed)
    {
        RunSettings chosen = Presets.Named(parsed.GetValue(preset) ?? Presets.Default);
        RunSettings settings = chosen with
        {
            BytePairs = parsed.GetValue(tokenizer) is { } kind ? kind == "bpe" : chosen.BytePairs,
            LowerCase = parsed.GetValue(lowerCase) ?? chosen.LowerCase,
            MergeCount = parsed.GetValue(merges) ?? chosen.MergeCount,
            MinimumFrequency = parsed.GetValue(minimumFrequency) ?? chosen.MinimumFrequency,
            MaximumLength = parsed.GetValue(maximumLength) ?? chosen.MaximumLength,
            LayerCount = parsed.GetValue(layers) ?? chosen.LayerCount,
            ModelSize = parsed.GetValue(modelSize) ?? chosen.ModelSize,
            HeadCount = parsed.GetValue(heads) ?? chosen.HeadCount,
            FeedForwardSize = parsed.GetValue(feedForward) ?? chosen.FeedForwardSize,
            Dropout = parsed.GetValue(dropout) ?? chosen.Dropout,
            NormPlacement = parsed.GetValue(norm) switch
            {
                "pre" => NormPlacement.Pre,
                "post" => NormPlacement.Post,
                _ => chosen.NormPlacement,
            },
            Batch = parsed.GetValue(batch) ?? chosen.Batch,
            LearningRate = parsed.GetValue(learningRate) ?? chosen.LearningRate,
            WarmUp = parsed.GetValue(warmUp) ?? chosen.WarmUp,
            LabelSmoothing = parsed.GetValue(labelSmoothing) ?? chosen.LabelSmoothing,
            AverageDecay = parsed.GetValue(average) ?? chosen.AverageDecay,
            Seed = parsed.GetValue(seed) ?? chosen.Seed,
            Precision = parsed.GetValue(precision) == "double" ? DType.Float64 : DType.Float32,
        };
        if (!settings.BytePairs && parsed.GetValue(merges) is not null)
            throw new UsageException("--merges counts byte pairs: give --tokenizer bpe, too");
        return settings.ModelSize % settings.HeadCount == 0
            ? settings
            : throw new UsageException(
                $"--heads {settings.HeadCount} do not divide --model-size {settings.ModelSize}: each head takes an equal share of it");
    }

    /// <summary>How far the run goes.</summary>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public RunLimits Limits(ParseResult parsed)
    {
        bool validates = parsed.GetValue(ValidationSource) is not null;
        if (validates != parsed.GetValue(ValidationTarget) is not null)
            throw new UsageException("--valid-source and --valid-target belong together: give both or none");
        if (!validates && parsed.GetValue(patience) is not null)
            throw new UsageException("--patience waits for a better validation loss: give --valid-source and --valid-target");
        if (parsed.GetValue(scoreSource) is null != parsed.GetValue(scoreTarget) is null)
            throw new UsageException("--score-source and --score-target belong together: give both or none");
        SearchChoice scoreSearch = SearchChoice.Of(parsed, scoreBeam, scorePenalty);
        if (parsed.GetValue(scoreSource) is null && parsed.GetValue(scoreBeam) is not null)
            throw new UsageException("--score-beam searches for the BLEU after each epoch: give --score-source and --score-target");
        double? limit = parsed.GetValue(minutes);
        if (limit is not null && parsed.GetValue(epochs) is not null)
            throw new UsageException("--epochs and --minutes exclude each other");
        return new RunLimits(
            parsed.GetValue(folder) ?? DefaultFolder, limit is null ? parsed.GetValue(epochs) ?? DefaultEpochs : null, limit,
            parsed.GetValue(patience) ?? 0, parsed.GetValue(saveSteps) ?? 0, parsed.GetValue(resume))
        {
            Recordings = Recordings(parsed),
            ScoredPairs = parsed.GetValue(scoreSource) is { } source ? ParallelText.Read(source, parsed.GetValue(scoreTarget)!).Lines : null,
            ScoreSearch = scoreSearch,
        };
    }

    private RecordingPlan? Recordings(ParseResult parsed)
    {
        Trap? set = parsed.GetValue(trap);
        int? every = parsed.GetValue(recordEvery);
        return set is null && every is null
            ? null
            : new RecordingPlan
            {
                Folder = parsed.GetValue(folder) ?? DefaultFolder,
                Every = every ?? 0,
                TrapNonFinite = set is not null,
                TrapNorm = set?.Norm,
            };
    }
}
