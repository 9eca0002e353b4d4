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

    public static IReadOnlyList<string> Colors { get; } = [Ours, "#d1603d", "#3f8f5f", "#8a5fb0", "#b58a1b"];

    public void Rectangle(double x, double y, double width, double height, string fill) =>
        Append($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"{fill}\"/>");

    public void Line(double x1, double y1, double x2, double y2, string stroke, double thickness = 1, bool dashed = false) => Append(
        $"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{stroke}\" stroke-width=\"{thickness:0.##}\"{(dashed ? " stroke-dasharray=\"4 4\"" : string.Empty)}/>");

    public void Curve(IEnumerable<(double X, double Y)> points, string stroke)
    {
        string corners = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.##},{point.Y:0.##}")));
        Append($"<polyline fill=\"none\" stroke=\"{stroke}\" stroke-width=\"2\" stroke-linejoin=\"round\" points=\"{corners}\"/>");
    }

    public void Dot(double x, double y, string fill) => Append($"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"3.5\" fill=\"{fill}\"/>");

    /// <summary>Text; the anchor is start, middle or end.</summary>
    public void Text(double x, double y, string text, string anchor = "start", double size = 13, string fill = Ink, bool bold = false) => Append(
        $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" font-size=\"{size:0.##}\" text-anchor=\"{anchor}\" fill=\"{fill}\"{(bold ? " font-weight=\"600\"" : string.Empty)}>{WebUtility.HtmlEncode(text)}</text>");

    /// <summary>Text along an upward axis, turned about its middle.</summary>
    public void TextUpward(double x, double y, string text) => Append(
        $"<text transform=\"translate({x:0.##} {y:0.##}) rotate(-90)\" font-size=\"13\" text-anchor=\"middle\" fill=\"{Soft}\">{WebUtility.HtmlEncode(text)}</text>");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0.##} {height:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\">\n<rect width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"#ffffff\"/>\n{body}</svg>\n");

    private void Append(FormattableString element) => body.AppendLine(element.ToString(CultureInfo.InvariantCulture));
}
