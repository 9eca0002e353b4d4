using System.Globalization;

namespace Benchmarks.Plots;

/// <summary>The frame of a diagram: maps values to places in the picture, linearly or by logarithm, and draws the grid.</summary>
internal sealed class Axes
{
    private readonly Svg svg;
    private readonly Scale horizontal;
    private readonly Scale vertical;
    private readonly IReadOnlyCollection<double>? columns;

    /// <param name="svg">The picture.</param>
    /// <param name="horizontal">From left to right.</param>
    /// <param name="vertical">From bottom to top.</param>
    /// <param name="columns">The horizontal values that are named; null for round ones.</param>
    public Axes(Svg svg, Scale horizontal, Scale vertical, IReadOnlyCollection<double>? columns = null)
    {
        this.columns = columns;
        this.svg = svg;
        this.horizontal = horizontal;
        this.vertical = vertical;
    }

    public double X(double value) => horizontal.Place(value);

    public double Y(double value) => vertical.Place(value);

    public void Draw(string horizontalTitle, string verticalTitle)
    {
        foreach (double tick in columns ?? horizontal.Ticks())
        {
            svg.Line(X(tick), vertical.From, X(tick), vertical.To, Svg.Grid);
            svg.Text(X(tick), vertical.From + 19, Number(tick), "middle", 12, Svg.Soft);
        }

        foreach (double tick in vertical.Ticks())
        {
            svg.Line(horizontal.From, Y(tick), horizontal.To, Y(tick), Svg.Grid);
            svg.Text(horizontal.From - 9, Y(tick) + 4, Number(tick), "end", 12, Svg.Soft);
        }

        svg.Text((horizontal.From + horizontal.To) / 2, vertical.From + 42, horizontalTitle, "middle", fill: Svg.Soft);
        svg.TextUpward(horizontal.From - 50, (vertical.From + vertical.To) / 2, verticalTitle);
    }

    private static string Number(double value) => value.ToString(value >= 1000 ? "N0" : "0.###", CultureInfo.InvariantCulture);
}

/// <summary>One direction of a diagram.</summary>
/// <param name="Least">The value at its beginning.</param>
/// <param name="Most">The value at its end.</param>
/// <param name="From">Where it begins in the picture.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Step">Between the lines of the grid; of no use on a logarithmic scale, which has lines at 1, 2, 5, 10, …</param>
/// <param name="Logarithmic">Equal distances are equal ratios.</param>
internal sealed record Scale(double Least, double Most, double From, double To, double Step = 1, bool Logarithmic = false)
{
    // About so many lines of a linear grid.
    private const int Lines = 6;

    /// <summary>A linear scale over the values, widened to full steps of its grid.</summary>
    public static Scale Over(double least, double most, double from, double to)
    {
        double step = StepOf(most - least);
        return new Scale(Math.Floor(least / step) * step, Math.Ceiling(most / step) * step, from, to, step);
    }

    public double Place(double value) => From + (To - From) * (Logarithmic
        ? Math.Log(value / Least) / Math.Log(Most / Least)
        : (value - Least) / (Most - Least));

    public IEnumerable<double> Ticks()
    {
        if (!Logarithmic)
        {
            // Counted, so that no error adds up.
            for (int i = 0; i <= (Most - Least) / Step + 0.001; i++)
                yield return Least + i * Step;
            yield break;
        }

        for (double decade = Math.Pow(10, Math.Floor(Math.Log10(Least))); decade <= Most; decade *= 10)
        {
            foreach (double tick in new[] { decade, decade * 2, decade * 5 })
            {
                if (tick >= Least * 0.999 && tick <= Most * 1.001)
                    yield return tick;
            }
        }
    }

    // 1, 2 or 5 times a power of ten.
    private static double StepOf(double range)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(range / Lines)));
        return (range / Lines / power) switch { <= 1.5 => power, <= 3.5 => 2 * power, <= 7.5 => 5 * power, _ => 10 * power };
    }
}
