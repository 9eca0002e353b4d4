using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Checkpoints;
using Transformer.Training.Data;
using Transformer.Training.Optimizers;
using Transformer.Training.Schedules;

namespace Training.Tests;

/// <summary>A language of eight words and its translation: the same words in the other language, in reverse order.</summary>
internal static class Toy
{
    private static readonly Lazy<Translator> TrainedOnce = new(Train);

    public static TextEncoder Source { get; } = Encoder('s');

    public static TextEncoder Target { get; } = Encoder('t');

    /// <summary>A small model in double precision that knows the language well, though not perfectly. Do not change it.</summary>
    public static Translator Trained => TrainedOnce.Value;

    public static TransformerConfiguration Configuration { get; } = new()
    {
        SourceVocabularySize = Source.Vocabulary.Count,
        TargetVocabularySize = Target.Vocabulary.Count,
        ModelSize = 16,
        HeadCount = 2,
        FeedForwardSize = 32,
        EncoderLayerCount = 1,
        DecoderLayerCount = 1,
        DropoutRate = 0,
        MaximumLength = 32,
        DType = DType.Float64,
    };

    public static TransformerModel Model(ulong seed, TransformerConfiguration? configuration = null) =>
        new(configuration ?? Configuration, new RandomStreams(seed));

    /// <summary>Distinct lengths, 1 to 6 words.</summary>
    public static IReadOnlyList<SentencePair> Sentences(int count, int seed)
    {
        Random random = new(seed);
        List<SentencePair> pairs = [];
        for (int i = 0; i < count; i++)
        {
            int[] words = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.Next(8))];
            pairs.Add(new SentencePair(
                string.Join(' ', words.Select(word => $"s{word}")), string.Join(' ', words.Reverse().Select(word => $"t{word}"))));
        }

        return pairs;
    }

    public static IReadOnlyList<EncodedPair> Pairs(int count, int seed) =>
        EncodedCorpus.Encode(Sentences(count, seed), Source, Target, 30).Pairs;

    /// <summary>Source sentences side by side, padded.</summary>
    public static Indices Sources(params string[] lines)
    {
        int[][] rows = [.. lines.Select(Source.Encode)];
        int length = rows.Max(row => row.Length);
        return new Indices([.. rows.SelectMany(row => row.Concat(new int[length - row.Length]))], [rows.Length, length]);
    }

    private static TextEncoder Encoder(char language) => new(
        new WordTokenizer(lowerCase: false), new Vocabulary(Enumerable.Range(0, 8).Select(word => $"{language}{word}")));

    private static Translator Train()
    {
        ToyRun run = new(
            new TrainerOptions { Epochs = 30 }, batchSize: 16, pairCount: 400,
            schedule: new InverseSquareRootSchedule(5e-3, 100), configuration: Configuration with { ModelSize = 32, FeedForwardSize = 64 });
        run.Trainer.Run();
        run.Model.Evaluate();
        return new Translator(run.Model, Source, Target);
    }
}

/// <summary>Everything that one run of training consists of, made from scratch.</summary>
internal sealed class ToyRun
{
    private static readonly Dictionary<string, string> NoSettings = [];

    public ToyRun(
        TrainerOptions options, int batchSize = 4, int pairCount = 42, int validationCount = 10, TransformerConfiguration? configuration = null,
        LearningRateSchedule? schedule = null, Func<IReadOnlyList<Parameter>, Optimizer>? optimizer = null)
    {
        Random = new RandomStreams(5);
        Model = new TransformerModel(configuration ?? Toy.Configuration, Random);
        Parameter[] parameters = [.. Model.Parameters()];
        Optimizer = optimizer is null ? new Adam(parameters, 0, AdamOptions.Paper) : optimizer(parameters);
        Batcher? validation = validationCount == 0 ? null : new Batcher(Toy.Pairs(validationCount, 2), BatchLimit.Sentences(4), 0);
        Trainer = new Trainer(
            Model, Optimizer, schedule ?? new InverseSquareRootSchedule(3e-3, 10),
            new Batcher(Toy.Pairs(pairCount, 1), BatchLimit.Sentences(batchSize), 7), validation, Random, options);
    }

    public RandomStreams Random { get; }

    public TransformerModel Model { get; }

    public Optimizer Optimizer { get; }

    public Trainer Trainer { get; }

    public string Sha256 => ModelTensors.Sha256(Model);

    public void SaveTo(string path) =>
        Trainer.SaveCheckpoint = () => TrainingCheckpoint.Save(path, Model, Optimizer, Trainer.Position, Trainer.History, NoSettings);

    public void LoadFrom(string path) => (Trainer.Position, Trainer.History) = TrainingCheckpoint.Load(path, Model, Optimizer, NoSettings);
}

/// <summary>Hears every report at once, on the thread of the run, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class Listener(Action<TrainingProgress>? also = null) : IProgress<TrainingProgress>
{
    public List<StepProgress> Steps { get; } = [];

    public List<EpochProgress> Epochs { get; } = [];

    public void Report(TrainingProgress value)
    {
        if (value is StepProgress step) Steps.Add(step);
        if (value is EpochProgress epoch) Epochs.Add(epoch);
        also?.Invoke(value);
    }
}
