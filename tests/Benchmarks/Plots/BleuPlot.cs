using System.Globalization;

namespace Benchmarks.Plots;

/// <summary>
/// BLEU over the seconds of training. Runs of one name, such as several seeds, have one color: each is a thin curve, and the median of
/// them a thick one. A table under it says when the levels were reached.
/// </summary>
internal static class BleuPlot
{
    private const double Width = 860;
    private const double Left = 84;
    private const double Top = 84;
    private const double Bottom = 470;
    private const double LineHeight = 24;

    /// <param name="runs">At least one.</param>
    /// <param name="levels">Scores that the picture marks and the table says the seconds to.</param>
    /// <param name="note">A line at the foot; may be empty.</param>
    public static string Draw(IReadOnlyList<BleuRun> runs, IReadOnlyList<double> levels, string note)
    {
        BleuRun[][] series = [.. runs.GroupBy(run => run.Name).Select(group => group.ToArray())];
        Svg svg = new(Width, Bottom + 92 + series.Length * LineHeight + (note.Length > 0 ? 26 : 0));
        svg.Text(24, 34, "Translation quality over training time", size: 19, bold: true);
        svg.Text(24, 56, "BLEU after each epoch; validation and scoring are not counted as time" + (runs.Count > series.Length ? "; thick: the median of the seeds" : string.Empty), fill: Svg.Soft);

        // The first epochs score next to nothing; what matters is above half of the best.
        double best = runs.Max(run => run.Best);
        double right = Width - 30 - 8.2 * series.Max(group => group[0].Name.Length);
        Scale time = Scale.Over(0, runs.Max(run => run.Points[^1].Seconds), Left, right);
        Scale score = Scale.Over(best / 2, Math.Max(best, levels.DefaultIfEmpty().Max()), Bottom, Top);
        Axes axes = new(svg, time, score);
        axes.Draw("seconds of training", "BLEU");
        foreach (double level in levels.Where(level => level >= score.Least))
        {
            svg.Line(Left, axes.Y(level), right, axes.Y(level), Svg.Soft, dashed: true);
            svg.Text(Left + 6, axes.Y(level) - 4, Number(level), size: 12, fill: Svg.Soft);
        }

        IReadOnlyList<(double Seconds, double Bleu)>[] medians = [.. series.Select(group => BleuRun.Median(group))];
        using (svg.Inside(Left, Top - 6, right + 6, Bottom))
        {
            for (int i = 0; i < series.Length; i++)
                DrawCurves(svg, axes, series[i], medians[i], i);
        }

        DrawNames(svg, axes, series, medians);
        DrawTable(svg, series, levels);
        if (note.Length > 0)
            svg.Text(24, Bottom + 100 + series.Length * LineHeight, note, size: 11, fill: Svg.Soft);
        return svg.ToString();
    }

    private static void DrawCurves(Svg svg, Axes axes, BleuRun[] runs, IReadOnlyList<(double Seconds, double Bleu)> median, int number)
    {
        if (runs.Length > 1)
        {
            foreach (BleuRun run in runs)
                svg.Curve(run.Points.Select(Place), Svg.ColorOf(number), 1, 0.45);
        }

        svg.Curve(median.Select(Place), Svg.ColorOf(number), 2.5);
        foreach ((double x, double y) in median.Select(Place))
            svg.Mark(number, x, y);

        (double X, double Y) Place((double Seconds, double Bleu) point) => (axes.X(point.Seconds), axes.Y(point.Bleu));
    }

    // Each name at the end of its curve, in the order of their heights and a line apart.
    private static void DrawNames(Svg svg, Axes axes, BleuRun[][] series, IReadOnlyList<(double Seconds, double Bleu)>[] medians)
    {
        double[] heights = Labels.Apart([.. medians.Select(median => Math.Min(axes.Y(median[^1].Bleu), Bottom - 8) + 4)], 17);
        for (int i = 0; i < series.Length; i++)
            svg.Text(axes.X(medians[i][^1].Seconds) + 10, heights[i], series[i][0].Name, fill: Svg.ColorOf(i), bold: true, halo: true);
    }

    private static void DrawTable(Svg svg, BleuRun[][] series, IReadOnlyList<double> levels)
    {
        const double Head = Bottom + 72;
        const double RunsColumn = 300;
        double ColumnOf(int level) => Width - 30 - (levels.Count - level) * 74;
        svg.Text(RunsColumn, Head, "runs", "end", 12, Svg.Soft);
        svg.Text(RunsColumn + 74, Head, "best BLEU", "end", 12, Svg.Soft);
        for (int level = 0; level < levels.Count; level++)
            svg.Text(ColumnOf(level) + 74, Head, (level == 0 ? "seconds to " : string.Empty) + Number(levels[level]), "end", 12, Svg.Soft);
        for (int i = 0; i < series.Length; i++)
        {
            double y = Head + (i + 1) * LineHeight;
            svg.Line(24, y - 4, 56, y - 4, Svg.ColorOf(i), 2.5);
            svg.Mark(i, 40, y - 4);
            svg.Text(66, y, series[i][0].Name);
            svg.Text(RunsColumn, y, Number(series[i].Length), "end");
            svg.Text(RunsColumn + 74, y, Number(MedianOf(series[i], run => run.Best), "0.0"), "end");
            for (int level = 0; level < levels.Count; level++)
            {
                double seconds = MedianOf(series[i], run => run.SecondsTo(levels[level]));
                svg.Text(ColumnOf(level) + 74, y, double.IsInfinity(seconds) ? "–" : seconds.ToString("N0", CultureInfo.InvariantCulture), "end");
            }
        }
    }

    private static double MedianOf(BleuRun[] runs, Func<BleuRun, double> value) => Measuring.Spread.Of([.. runs.Select(value)]).Median;

    private static string Number(double value, string format = "0.#") => value.ToString(format, CultureInfo.InvariantCulture);
}
