using System.Text.Json;
using Benchmarks.Measuring;

namespace Benchmarks.Plots;

/// <summary>BLEU of a training run after each epoch.</summary>
/// <param name="Name">Several runs may share it, such as those of several seeds.</param>
/// <param name="Points">Seconds of training and BLEU.</param>
internal sealed record BleuRun(string Name, IReadOnlyList<(double Seconds, double Bleu)> Points)
{
    /// <summary>Reads <c>curve</c> of what <c>Translate train --json</c> prints, or of a PyTorch run.</summary>
    /// <exception cref="InvalidDataException">There is no BLEU in it.</exception>
    public static BleuRun Read(string name, JsonElement json)
    {
        if (!json.TryGetProperty("curve", out JsonElement curve))
            throw new InvalidDataException($"{name} is neither a comparison nor a training run with a curve");
        List<(double Seconds, double Bleu)> points = [];
        foreach (JsonElement epoch in curve.EnumerateArray())
        {
            bool isOurs = epoch.TryGetProperty("trainSeconds", out JsonElement seconds);
            if (!isOurs)
                seconds = epoch.GetProperty("train_s_total");
            if (epoch.GetProperty("bleu") is { ValueKind: JsonValueKind.Number } bleu)
                points.Add((seconds.GetDouble(), bleu.GetDouble()));
        }

        return points.Count > 0 ? new BleuRun(name, points) : throw new InvalidDataException($"the curve of {name} has no BLEU; train with --score-source and --score-target");
    }

    public double Best => Points.Max(point => point.Bleu);

    /// <summary>When a score was first reached; ∞ where it never was.</summary>
    public double SecondsTo(double bleu) =>
        Points.Where(point => point.Bleu >= bleu).Select(point => point.Seconds).DefaultIfEmpty(double.PositiveInfinity).First();

    /// <summary>The medians of seconds and of BLEU, epoch by epoch, as far as every run goes.</summary>
    public static IReadOnlyList<(double Seconds, double Bleu)> Median(IReadOnlyCollection<BleuRun> runs) =>
    [
        .. Enumerable.Range(0, runs.Min(run => run.Points.Count)).Select(epoch => (
            Spread.Of([.. runs.Select(run => run.Points[epoch].Seconds)]).Median,
            Spread.Of([.. runs.Select(run => run.Points[epoch].Bleu)]).Median)),
    ];
}
