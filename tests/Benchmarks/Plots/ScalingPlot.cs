using System.Globalization;
using System.Text.Json;

namespace Benchmarks.Plots;

/// <summary>Time of a step over one of its sizes, both logarithmic, a panel for each series, with the power law that fits it.</summary>
internal static class ScalingPlot
{
    private const double PanelWidth = 310;
    private const double Top = 126;
    private const double Bottom = 360;

    /// <param name="json">What <c>scaling --json</c> printed: an array of series.</param>
    /// <param name="note">A line at the foot; may be empty.</param>
    public static string Draw(JsonElement json, string note)
    {
        Series[] all = [.. json.EnumerateArray().Select(Series.Read)];
        if (all.Length == 0)
            throw new InvalidDataException("there is no series in it");
        bool someNoisy = all.Any(series => series.Points.Any(point => point.TooNoisy));
        bool hasFoot = note.Length > 0 || someNoisy;
        Svg svg = new(Math.Max(24 + all.Length * PanelWidth, 560), Bottom + (hasFoot ? 92 : 66));
        svg.Text(24, 34, "Time of a training step as one size grows", size: 19, bold: true);
        svg.Text(24, 56, "both axes logarithmic; the line is the power law of least squares", fill: Svg.Soft);
        for (int i = 0; i < all.Length; i++)
            DrawPanel(svg, all[i], left: 86 + i * PanelWidth, right: 4 + (i + 1) * PanelWidth, isFirst: i == 0);
        string[] foot = [.. new[] { note, someNoisy ? "hollow: other programs took more than a tenth of a processor" : string.Empty }.Where(text => text.Length > 0)];
        svg.Text(24, Bottom + 76, string.Join("; ", foot), size: 11, fill: Svg.Soft);
        return svg.ToString();
    }

    private static void DrawPanel(Svg svg, Series series, double left, double right, bool isFirst)
    {
        double[] times = [.. series.Points.Select(point => point.Milliseconds)];
        double[] sizes = [.. series.Points.Select(point => point.Size)];
        Scale horizontal = new(sizes.Min() / 1.25, sizes.Max() * 1.25, left, right, Logarithmic: true);
        Scale vertical = new(times.Min() / 1.6, times.Max() * 1.6, Bottom, Top, Logarithmic: true);
        Axes axes = new(svg, horizontal, vertical, sizes);
        string name = series.Name.Replace('-', ' ');
        axes.Draw(name, isFirst ? "ms a step" : string.Empty);
        svg.Text((left + right) / 2, Top - 28, string.Create(CultureInfo.InvariantCulture, $"time ∝ {name} ^ {series.Exponent:F2}"), "middle", bold: true);
        svg.Text((left + right) / 2, Top - 11, series.Options.TrimStart('-').Replace(" --", ", "), "middle", 12, Svg.Soft);

        // The line of least squares goes through the mean of the logarithms.
        double middleSize = Math.Exp(sizes.Average(Math.Log));
        double middleTime = Math.Exp(times.Average(Math.Log));
        double TimeAt(double size) => middleTime * Math.Pow(size / middleSize, series.Exponent);
        svg.Line(axes.X(sizes[0]), axes.Y(TimeAt(sizes[0])), axes.X(sizes[^1]), axes.Y(TimeAt(sizes[^1])), Svg.Theirs, 2);
        foreach ((double size, double time, bool tooNoisy) in series.Points)
        {
            if (tooNoisy)
                svg.Ring(axes.X(size), axes.Y(time), Svg.Ours);
            else
                svg.Dot(axes.X(size), axes.Y(time), Svg.Ours);
            // Below the line, which rises to the right; the last has no room there.
            bool atEdge = size == sizes[^1];
            svg.Text(
                axes.X(size) + (atEdge ? -8 : 8), axes.Y(time) + (atEdge ? -6 : 14), time.ToString(time >= 100 ? "N0" : "0.0", CultureInfo.InvariantCulture),
                atEdge ? "end" : "start", 12, Svg.Ours, halo: true);
        }
    }

    private sealed record Series(string Name, string Options, double Exponent, IReadOnlyList<(double Size, double Milliseconds, bool TooNoisy)> Points)
    {
        public static Series Read(JsonElement json) => new(
            json.GetProperty("series").GetString()!, json.GetProperty("options").GetString()!, json.GetProperty("timeExponent").GetDouble(),
            [
                .. json.GetProperty("points").EnumerateArray().Select(point => (
                    point.GetProperty("size").GetDouble(), point.GetProperty("msPerStep").GetDouble(), point.GetProperty("tooNoisy").GetBoolean())),
            ]);
    }
}
