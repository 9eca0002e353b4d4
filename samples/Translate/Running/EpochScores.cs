using System.Diagnostics;
using Transformer.Samples.Translate.Output;
using Transformer.Training;
using Transformer.Training.Data;
using Transformer.Training.Metrics;

namespace Transformer.Samples.Translate.Running;

/// <summary>A point of a run's curve: what an epoch ended with.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="TrainSeconds">Seconds of training so far; validation and scoring do not count.</param>
/// <param name="ValidationLoss">In nats per target token; null without validation pairs.</param>
/// <param name="Bleu">Of lower-cased words and marks; null where nothing is scored.</param>
internal sealed record EpochScore(int Epoch, double TrainSeconds, double? ValidationLoss, double? Bleu);

/// <summary>
/// The curve of a run, and where there are pairs to score, their BLEU after each epoch: of the parameters that validation
/// saw, the averaged ones where the run averages.
/// </summary>
/// <param name="trainer">Whose run it is.</param>
/// <param name="translator">The model that is trained.</param>
/// <param name="pairs">What is translated after each epoch; null for nothing.</param>
/// <param name="search">How.</param>
/// <param name="output">Is told each score.</param>
/// <param name="next">Is told of all progress first.</param>
internal sealed class EpochScores(
    Trainer trainer, Translator translator, IReadOnlyList<SentencePair>? pairs, SearchChoice search, ConsoleOutput output,
    IProgress<TrainingProgress> next) : IProgress<TrainingProgress>
{
    private readonly List<EpochScore> curve = [];

    /// <summary>One point for each epoch of this process.</summary>
    public IReadOnlyList<EpochScore> Curve => curve;

    public void Report(TrainingProgress value)
    {
        next.Report(value);
        if (value is EpochProgress epoch)
            curve.Add(new EpochScore(epoch.Epoch, epoch.TrainSeconds, epoch.ValidationLoss, Score(epoch.Epoch)));
    }

    private double? Score(int epoch)
    {
        if (pairs is null)
            return null;
        using IDisposable? averaged = trainer.Average?.InPlaceOfParameters();
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<string> translations = search.Translate(
            translator, [.. pairs.Select(pair => translator.IsTooLong(pair.Source) ? "" : pair.Source)]); // as evaluate does
        double seconds = clock.Elapsed.TotalSeconds;
        double bleu = Bleu.Score(translations, [.. pairs.Select(pair => pair.Target)], BleuTokenization.Tokens).Score;
        output.Line($"epoch {epoch}  BLEU {bleu:0.00} (tokens, {search}, {pairs.Count:N0} sentences in {seconds:0.0} s)");
        return bleu;
    }
}
