using System.Globalization;
using Benchmarks.Comparing;

namespace Benchmarks.Plots;

/// <summary>Bars of the time of a training step, ours under PyTorch's, each pair in proportion to PyTorch's.</summary>
internal static class StepTimePlot
{
    private const double Width = 860;
    private const double Left = 250;
    private const double BarsWidth = 430;
    private const double Top = 92;
    private const double BarHeight = 13;
    private const double RowHeight = 42;

    public static string Draw(Comparison comparison)
    {
        ComparisonRow[] rows = [.. comparison.Rows.Where(row =>
            row is { Part: Parts.Steps or Parts.Gpt, Unit: "ms", Ours: not null, PyTorch: not null, Ratio: not null })];
        if (rows.Length == 0)
            throw new InvalidDataException("there are no training steps of both sides in it; measure them with: compare --only steps gpt");
        double slowest = rows.Max(row => Math.Max(1, row.Ours!.Value.Median / row.PyTorch!.Value.Median));
        double bottom = Top + rows.Length * RowHeight;
        Svg svg = new(Width, bottom + 78);
        svg.Text(24, 34, "Time of a training step", size: 19, bold: true);
        svg.Text(24, 56, "in proportion to PyTorch; shorter is faster", fill: Svg.Soft);
        DrawLegend(svg);
        foreach (double share in new[] { 0, 0.25, 0.5, 0.75, 1 })
        {
            double x = Left + share / slowest * BarsWidth;
            svg.Line(x, Top - 8, x, bottom, Svg.Grid);
            svg.Text(x, bottom + 17, string.Create(CultureInfo.InvariantCulture, $"{share * 100:F0} %"), "middle", 12, Svg.Soft);
        }

        for (int i = 0; i < rows.Length; i++)
            DrawRow(svg, rows[i], Top + i * RowHeight, slowest);
        svg.Text(24, bottom + 45, $"{comparison.PyTorch}.", size: 11, fill: Svg.Soft);
        svg.Text(24, bottom + 61, MachineText(comparison), size: 11, fill: Svg.Soft);
        return svg.ToString();
    }

    private static void DrawLegend(Svg svg)
    {
        svg.Rectangle(Width - 230, 24, 12, 12, Svg.Theirs);
        svg.Text(Width - 212, 35, "PyTorch");
        svg.Rectangle(Width - 130, 24, 12, 12, Svg.Ours);
        svg.Text(Width - 112, 35, "this project");
    }

    private static void DrawRow(Svg svg, ComparisonRow row, double y, double slowest)
    {
        double ours = row.Ours!.Value.Median;
        double theirs = row.PyTorch!.Value.Median;
        svg.Text(Left - 14, y + BarHeight + 4, row.Name, "end");
        double theirWidth = BarsWidth / slowest;
        double ourWidth = theirWidth * ours / theirs;
        svg.Rectangle(Left, y, theirWidth, BarHeight, Svg.Theirs);
        svg.Text(Left + theirWidth + 8, y + BarHeight - 2, Milliseconds(theirs), size: 12, fill: Svg.Soft);
        svg.Rectangle(Left, y + BarHeight + 2, ourWidth, BarHeight, Svg.Ours);
        svg.Text(Left + ourWidth + 8, y + 2 * BarHeight, Milliseconds(ours), size: 12, fill: Svg.Ours);
        svg.Text(
            Width - 24, y + BarHeight + 5, string.Create(CultureInfo.InvariantCulture, $"{row.Ratio!.Value.Median:F1} ×"), "end", 15, bold: true);
    }

    private static string Milliseconds(double value) =>
        value.ToString(value >= 100 ? "N0" : "F1", CultureInfo.InvariantCulture) + " ms";

    private static string MachineText(Comparison comparison) => string.Create(
        CultureInfo.InvariantCulture,
        $"{comparison.Machine.Processor}, {comparison.Threads} threads, {comparison.Machine.VectorBits}-bit vectors; {(comparison.Rounds == 1 ? "one round" : $"medians of {comparison.Rounds} rounds")}.");
}
