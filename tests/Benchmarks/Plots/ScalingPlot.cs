using System.Globalization;
using System.Text.Json;

namespace Benchmarks.Plots;

/// <summary>Time of a step over one of its sizes, both logarithmic, a panel for each series, with the power law that fits it.</summary>
internal static class ScalingPlot
{
    private const double PanelWidth = 310;
    private const double Height = 400;
    private const double Top = 112;
    private const double Bottom = Height - 66;

    /// <param name="json">What <c>scaling --json</c> printed: an array of series.</param>
    public static string Draw(JsonElement json)
    {
        Series[] all = [.. json.EnumerateArray().Select(Series.Read)];
        Svg svg = new(24 + all.Length * PanelWidth, Height);
        svg.Text(24, 34, "Time of a training step as one size grows", size: 19, bold: true);
        svg.Text(24, 56, "both axes logarithmic; the line is the power law of least squares", fill: Svg.Soft);
        for (int i = 0; i < all.Length; i++)
            DrawPanel(svg, all[i], left: 86 + i * PanelWidth, right: 4 + (i + 1) * PanelWidth);
        return svg.ToString();
    }

    private static void DrawPanel(Svg svg, Series series, double left, double right)
    {
        double[] times = [.. series.Points.Select(point => point.Milliseconds)];
        double[] sizes = [.. series.Points.Select(point => point.Size)];
        Scale horizontal = new(sizes.Min() / 1.25, sizes.Max() * 1.25, left, right, Logarithmic: true);
        Scale vertical = new(times.Min() / 1.6, times.Max() * 1.6, Bottom, Top, Logarithmic: true);
        Axes axes = new(svg, horizontal, vertical, sizes);
        axes.Draw(series.Name.Replace('-', ' '), left < PanelWidth ? "ms a step" : string.Empty);
        svg.Text(
            (left + right) / 2, Top - 16, string.Create(CultureInfo.InvariantCulture, $"time ∝ {series.Name.Replace('-', ' ')} ^ {series.Exponent:F2}"), "middle", bold: true);

        // The line of least squares goes through the mean of the logarithms.
        double middleSize = Math.Exp(sizes.Average(Math.Log));
        double middleTime = Math.Exp(times.Average(Math.Log));
        double TimeAt(double size) => middleTime * Math.Pow(size / middleSize, series.Exponent);
        svg.Line(axes.X(sizes[0]), axes.Y(TimeAt(sizes[0])), axes.X(sizes[^1]), axes.Y(TimeAt(sizes[^1])), Svg.Theirs, 2);
        foreach ((double size, double time) in series.Points)
            svg.Dot(axes.X(size), axes.Y(time), Svg.Ours);
    }

    private sealed record Series(string Name, double Exponent, IReadOnlyList<(double Size, double Milliseconds)> Points)
    {
        public static Series Read(JsonElement json) => new(
            json.GetProperty("series").GetString()!, json.GetProperty("timeExponent").GetDouble(),
            [.. json.GetProperty("points").EnumerateArray().Select(point => (point.GetProperty("size").GetDouble(), point.GetProperty("msPerStep").GetDouble()))]);
    }
}
