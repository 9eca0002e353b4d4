using System.CommandLine;
using Transformer.Samples.Translate.Output;
using Transformer.Samples.Translate.Pictures;
using Transformer.Samples.Translate.Running;
using Transformer.Training;
using Transformer.Training.Data;
using Transformer.Training.Data.BuiltIn;

namespace Transformer.Samples.Translate.Commands;

/// <summary>No verb: trains on the built-in corpus, tests, and leaves a model and two pictures.</summary>
internal static class BuiltInCommand
{
    private const string DefaultFolder = "artifacts/translate";

    // The size and length of the run, all in one place: they fit into two minutes on two cores.
    private const int DefaultPairs = 20_000;
    private const int DefaultEpochs = 8;

    private static readonly RunSettings Settings = new()
    {
        LayerCount = 2,
        ModelSize = 128,
        HeadCount = 4,
        FeedForwardSize = 256,
        Batch = 64,
        LearningRate = 2e-3,
        WarmUp = 400,
        MinimumFrequency = 1,
    };

    public static RootCommand Create()
    {
        Option<string?> folder = Options.Text("--out", "DIR", $"Where model and pictures go [default: {DefaultFolder}]");
        Option<int?> pairs = Options.Integer("--pairs", $"Training pairs to make [default: {DefaultPairs}]", 1000, 100_000);
        Option<int?> epochs = Options.Integer("--epochs", $"Passes over the training pairs [default: {DefaultEpochs}]", 1);
        Option<ulong?> seed = Options.Seed();
        Option<int?> threads = Options.Threads();
        Option<bool> resume = Options.Switch("--resume", "Go on from the checkpoint in --out");
        Option<bool> json = Options.Json();
        RootCommand root = new(
            "Trains a Transformer on sentence pairs and translates with it. Without a verb: trains a small German-English model on "
            + "a built-in corpus, tests it and draws what its attention looks at; a little over a minute on two cores.");
        foreach (Option option in new Option[] { folder, pairs, epochs, seed, threads, resume, json })
            root.Options.Add(option);
        root.SetAction(parsed =>
        {
            Options.SetThreads(parsed.GetValue(threads));
            RunLimits limits = new(
                parsed.GetValue(folder) ?? DefaultFolder, parsed.GetValue(epochs) ?? DefaultEpochs, Minutes: null, Patience: 0, SaveSteps: 0,
                parsed.GetValue(resume));
            RunSettings settings = Settings with { Seed = parsed.GetValue(seed) ?? Settings.Seed };
            return Run(settings, limits, parsed.GetValue(pairs) ?? DefaultPairs, parsed.GetValue(json));
        });
        return root;
    }

    private static int Run(RunSettings settings, RunLimits limits, int pairs, bool printsJson)
    {
        ConsoleOutput output = new();
        if (limits.Resume)
            RunFiles.DemandCheckpoint(limits.Folder);
        using IDisposable claim = OutputFolder.Claim(limits.Folder, mayCreate: !limits.Resume);
        WarmUp.Begin(settings);
        BuiltInCorpus corpus = BuiltInCorpus.Create(settings.Seed, pairs);
        Task<CorpusStatistics> counting = Task.Run(() => corpus.Statistics);
        TrainingData data = TrainingData.Prepare(Pairs(corpus.Training), Pairs(corpus.Validation), settings);
        CorpusTable.Show(counting.GetAwaiter().GetResult(), output);
        output.Line(settings.Describe());
        RunResult result = new TrainingRun(settings, data, limits, output).Run();
        if (result.ExitCode != ExitCode.Success)
            return result.ExitCode;

        // What was saved is tested, not what is in memory.
        Translator translator = TranslatorFolder.Load(limits.Folder);
        TestResult test = TestResult.Of(translator, corpus.Test);
        TestResult combinations = TestResult.Of(translator, corpus.CombinationTest);
        ShowExamples(test, output);
        output.Line();
        output.Line($"trained for {result.Position.TrainSeconds:0.0} s");
        output.Line($"test              {test}");
        output.Line($"combination test  {combinations}");
        output.Line("(the second has pairs of words that training never saw together)");
        output.Line(test.Signature);
        Draw(translator, test, result.History, limits.Folder, output);
        if (printsJson)
        {
            JsonLine.Write(
                ("bleu", test.Bleu), ("exactMatch", test.ExactMatch), ("combinationBleu", combinations.Bleu),
                ("combinationExactMatch", combinations.ExactMatch), ("trainSeconds", result.Position.TrainSeconds),
                ("secondsToFirstStep", result.Record.SecondsToFirstStep));
        }

        return ExitCode.Success;
    }

    // Ten from all over the set, right or wrong.
    private static void ShowExamples(TestResult test, ConsoleOutput output)
    {
        const int Count = 10;
        for (int i = 0; i < Count; i++)
        {
            int index = i * test.Pairs.Count / Count;
            output.Line();
            output.Line($"  German       {test.Pairs[index].Source}");
            output.Line($"  translation  {test.Translations[index]}");
            output.Line($"  reference    {test.Pairs[index].Target}{(test.Translations[index] == test.Pairs[index].Target ? "  (same)" : "")}");
        }
    }

    private static void Draw(Translator translator, TestResult test, TrainingHistory history, string folder, ConsoleOutput output)
    {
        OutputFolder.Write(Path.Combine(folder, "loss.svg"), LossPicture.Draw(history));
        AlignedPair crossing = test.MostCrossing();
        AttentionOfTranslation attention = translator.TranslateWithAttention(crossing.Source);
        OutputFolder.Write(Path.Combine(folder, "attention.svg"), AttentionPicture.Of(attention));
        output.Line();
        output.Line($"attention.svg: {crossing.Source} -> {attention.Text}");
        output.Line($"{folder} has the model, loss.svg and attention.svg");
    }

    private static List<SentencePair> Pairs(IReadOnlyList<AlignedPair> pairs) =>
        [.. pairs.Select(pair => new SentencePair(pair.Source, pair.Target))];
}
