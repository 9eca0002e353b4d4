using System.Globalization;
using System.Net;
using System.Text;

namespace Benchmarks.Plots;

/// <summary>Builds an SVG picture on white, which reads well on a light and on a dark page.</summary>
internal sealed class Svg(double width, double height)
{
    public const string Ink = "#1f2933";
    public const string Soft = "#66727f";
    public const string Grid = "#e3e8ed";
    public const string Ours = "#2563a8";
    public const string Theirs = "#c9ced6";

    private readonly StringBuilder body = new();

    /// <summary>
    /// Told apart by the color-blind, too (after Okabe and Ito 2008, "Color Universal Design"); each has a mark of its own beside, see
    /// <see cref="Mark"/>.
    /// </summary>
    public static IReadOnlyList<string> Colors { get; } = [Ours, "#d55e00", "#009e73", "#cc79a7", "#e69f00"];

    public void Rectangle(double x, double y, double width, double height, string fill) =>
        Append($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"{fill}\"/>");

    public void Line(double x1, double y1, double x2, double y2, string stroke, double thickness = 1, bool dashed = false) => Append(
        $"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{stroke}\" stroke-width=\"{thickness:0.##}\"{(dashed ? " stroke-dasharray=\"4 4\"" : string.Empty)}/>");

    public void Curve(IEnumerable<(double X, double Y)> points, string stroke, double thickness = 2, double opacity = 1)
    {
        string corners = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.##},{point.Y:0.##}")));
        Append($"<polyline fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{thickness:0.##}\" stroke-opacity=\"{opacity:0.##}\" stroke-linejoin=\"round\" points=\"{corners}\"/>");
    }

    public void Dot(double x, double y, string fill) => Append($"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"3.5\" fill=\"{fill}\"/>");

    /// <summary>A hollow dot.</summary>
    public void Ring(double x, double y, string stroke) =>
        Append($"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"3.5\" fill=\"#ffffff\" stroke=\"{stroke}\" stroke-width=\"1.5\"/>");

    /// <summary>The mark of a series: disc, square, triangle or diamond, each in the color of its number.</summary>
    public void Mark(int series, double x, double y)
    {
        string corners = (series % 4) switch
        {
            1 => Corners((-3.4, -3.4), (3.4, -3.4), (3.4, 3.4), (-3.4, 3.4)),
            2 => Corners((0, -4.6), (4.4, 3.4), (-4.4, 3.4)),
            3 => Corners((0, -4.8), (4.8, 0), (0, 4.8), (-4.8, 0)),
            _ => string.Empty,
        };
        if (corners.Length == 0)
            Dot(x, y, ColorOf(series));
        else
            Append($"<polygon points=\"{corners}\" fill=\"{ColorOf(series)}\"/>");

        string Corners(params ReadOnlySpan<(double X, double Y)> places)
        {
            StringBuilder text = new();
            foreach ((double dx, double dy) in places)
                text.Append(CultureInfo.InvariantCulture, $"{x + dx:0.##},{y + dy:0.##} ");
            return text.ToString(0, text.Length - 1);
        }
    }

    public static string ColorOf(int series) => Colors[series % Colors.Count];

    /// <summary>What is drawn until the result is disposed shows inside this rectangle alone.</summary>
    public IDisposable Inside(double left, double top, double right, double bottom)
    {
        Append($"<clipPath id=\"inside\"><rect x=\"{left:0.##}\" y=\"{top:0.##}\" width=\"{right - left:0.##}\" height=\"{bottom - top:0.##}\"/></clipPath>");
        Append($"<g clip-path=\"url(#inside)\">");
        return new Group(this);
    }

    /// <summary>Text; the anchor is start, middle or end. A halo keeps it legible on a line.</summary>
    public void Text(
        double x, double y, string text, string anchor = "start", double size = 13, string fill = Ink, bool bold = false, bool halo = false)
    {
        string weight = bold ? " font-weight=\"600\"" : string.Empty;
        string outline = halo ? " stroke=\"#ffffff\" stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\"" : string.Empty;
        Append($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" font-size=\"{size:0.##}\" text-anchor=\"{anchor}\" fill=\"{fill}\"{weight}{outline}>{WebUtility.HtmlEncode(text)}</text>");
    }

    /// <summary>Text along an upward axis, turned about its middle.</summary>
    public void TextUpward(double x, double y, string text) => Append(
        $"<text transform=\"translate({x:0.##} {y:0.##}) rotate(-90)\" font-size=\"13\" text-anchor=\"middle\" fill=\"{Soft}\">{WebUtility.HtmlEncode(text)}</text>");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0.##} {height:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\">\n<rect width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"#ffffff\"/>\n{body}</svg>\n");

    private sealed class Group(Svg svg) : IDisposable
    {
        public void Dispose() => svg.Append($"</g>");
    }

    private void Append(FormattableString element) => body.AppendLine(element.ToString(CultureInfo.InvariantCulture));
}
