using System.CommandLine;
using Transformer.Samples.Translate.Output;
using Transformer.Samples.Translate.Pictures;
using Transformer.Samples.Translate.Running;
using Transformer.Training;
using Transformer.Training.Data;

namespace Transformer.Samples.Translate.Commands;

/// <summary><c>train</c>: from parallel text to a model.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        TrainOptions options = new();
        Command command = new("train", "Train a model on two files, of which line n of one translates line n of the other");
        foreach (Option option in options.All)
            command.Options.Add(option);
        command.SetAction(parsed => Run(parsed, options));
        return command;
    }

    private static int Run(ParseResult parsed, TrainOptions options)
    {
        RunSettings settings = options.Settings(parsed);
        RunLimits limits = options.Limits(parsed);
        Options.SetThreads(parsed.GetValue(options.Threads));
        ConsoleOutput output = new();
        if (limits.Resume)
            RunFiles.DemandCheckpoint(limits.Folder);
        WarmUp.Begin(settings);
        (ParallelText training, ParallelText? validation) = Read(parsed, options);
        using IDisposable claim = OutputFolder.Claim(limits.Folder, mayCreate: !limits.Resume);
        TrainingData data = Prepare(training, validation, settings, output);
        output.Line(settings.Describe());
        RunResult result = new TrainingRun(settings, data, limits, output).Run();
        if (result.ExitCode != ExitCode.Success)
            return result.ExitCode;
        OutputFolder.Write(Path.Combine(limits.Folder, "loss.svg"), LossPicture.Draw(result.History));
        TrainingPosition position = result.Position;
        double? perplexity = position.BestValidationLoss is { } loss ? Math.Exp(loss) : null;
        output.Line($"{position.Epoch - 1} epochs, {position.Step} steps, {position.TrainSeconds:0.0} s of training{Speed(result.Record)}");
        output.Line($"{limits.Folder} has the {(perplexity is null ? "last" : "best")} model and loss.svg");
        if (perplexity is not null)
            output.Line($"validation perplexity {perplexity:0.000}");
        output.Line($"parameters at the end: SHA-256 {result.ParametersSha256}");
        if (parsed.GetValue(options.Json))
        {
            JsonLine.Write(
                ("epochs", position.Epoch - 1), ("steps", position.Step), ("secondsToFirstStep", result.Record.SecondsToFirstStep),
                ("secondsPerEpoch", result.Record.SecondsPerEpoch),
                ("targetTokensPerSecond", result.Record.TargetTokensPerSecond), ("validationPerplexity", perplexity),
                ("parametersSha256", result.ParametersSha256), ("curve", result.Curve.Select(Point)));
        }

        return ExitCode.Success;
    }

    private static (string Name, object? Value)[] Point(EpochScore score) =>
    [
        ("epoch", score.Epoch), ("trainSeconds", score.TrainSeconds), ("validationLoss", score.ValidationLoss), ("bleu", score.Bleu),
    ];

    // Empty where all had been done before.
    private static string Speed(RunRecord record) =>
        record.TargetTokensPerSecond is { } speed ? FormattableString.Invariant($", {speed:N0} tokens/s") : "";

    private static (ParallelText Training, ParallelText? Validation) Read(ParseResult parsed, TrainOptions options)
    {
        ParallelText training = ParallelText.Read(parsed.GetRequiredValue(options.Source), parsed.GetRequiredValue(options.Target));
        ParallelText? validation = parsed.GetValue(options.ValidationSource) is { } source
            ? ParallelText.Read(source, parsed.GetValue(options.ValidationTarget)!)
            : null;
        return (training, validation);
    }

    private static TrainingData Prepare(ParallelText training, ParallelText? validation, RunSettings settings, ConsoleOutput output)
    {
        TrainingData data = TrainingData.Prepare(training.Pairs, validation?.Pairs, settings, training.Name, validation?.Name ?? "");
        output.Line(Counts("training", training, data.Training, settings));
        output.Line(validation is null
            ? "validation: nothing is held out; the last epoch's model is kept"
            : Counts("validation", validation, data.Validation!, settings));
        output.Line($"source: {data.Source.Tokenizer}, vocabulary of {data.Source.Vocabulary.Count:N0}");
        output.Line($"target: {data.Target.Tokenizer}, vocabulary of {data.Target.Vocabulary.Count:N0}");
        return data;
    }

    private static string Counts(string name, ParallelText text, EncodedCorpus corpus, RunSettings settings) => FormattableString.Invariant(
        $"{name}: {corpus.KeptCount:N0} pairs kept, {text.EmptyCount + corpus.DroppedCount:N0} dropped ({text.EmptyCount:N0} with an empty side, {corpus.DroppedCount:N0} over {settings.MaximumLength} tokens)");
}
