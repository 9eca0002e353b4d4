using System.Text.Json;

namespace Benchmarks.Plots;

/// <summary>BLEU over the seconds of training, a curve for each run; runs of one name have one color.</summary>
internal static class BleuPlot
{
    private const double Width = 860;
    private const double Height = 470;

    /// <summary>A run.</summary>
    /// <param name="Name">Several runs may share it, such as those of several seeds.</param>
    /// <param name="Points">Seconds and BLEU after each epoch.</param>
    public sealed record Run(string Name, IReadOnlyList<(double Seconds, double Bleu)> Points)
    {
        /// <summary>Reads <c>curve</c> of what <c>Translate train --json</c> prints, or of a PyTorch run.</summary>
        /// <exception cref="InvalidDataException">There is no BLEU in it.</exception>
        public static Run Read(string name, JsonElement json)
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

            return points.Count > 0 ? new Run(name, points) : throw new InvalidDataException($"the curve of {name} has no BLEU; train with --score-source and --score-target");
        }
    }

    public static string Draw(IReadOnlyList<Run> runs)
    {
        Svg svg = new(Width, Height);
        svg.Text(24, 34, "Translation quality over training time", size: 19, bold: true);
        svg.Text(24, 56, "BLEU after each epoch; validation and scoring are not counted as time", fill: Svg.Soft);
        double longest = runs.Max(run => run.Points.Max(point => point.Seconds));
        double best = runs.Max(run => run.Points.Max(point => point.Bleu));
        double worst = runs.Min(run => run.Points.Min(point => point.Bleu));
        Axes axes = new(svg, Scale.Over(0, longest, 84, Width - 30), Scale.Over(worst, best, Height - 66, 84));
        axes.Draw("seconds of training", "BLEU");
        string[] names = [.. runs.Select(run => run.Name).Distinct()];
        foreach (Run run in runs)
        {
            string color = ColorOf(Array.IndexOf(names, run.Name));
            svg.Curve(run.Points.Select(point => (axes.X(point.Seconds), axes.Y(point.Bleu))), color);
            foreach ((double seconds, double bleu) in run.Points)
                svg.Dot(axes.X(seconds), axes.Y(bleu), color);
        }

        svg.Rectangle(Width - 260, Height - 108 - (names.Length - 1) * 24, 225, names.Length * 24 + 4, "#ffffff");
        for (int i = 0; i < names.Length; i++)
        {
            double y = Height - 92 - (names.Length - 1 - i) * 24;
            svg.Line(Width - 250, y - 4, Width - 222, y - 4, ColorOf(i), 2);
            svg.Dot(Width - 236, y - 4, ColorOf(i));
            svg.Text(Width - 212, y, names[i]);
        }

        return svg.ToString();
    }

    private static string ColorOf(int name) => Svg.Colors[name % Svg.Colors.Count];
}
