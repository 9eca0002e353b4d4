using System.Globalization;
using System.Net;
using System.Text;

namespace Transformer.Samples.Translate.Pictures;

/// <summary>Builds an SVG picture that reads well on a light and on a dark page.</summary>
internal sealed class SvgWriter(double width, double height)
{
    private readonly StringBuilder body = new();

    public void Rectangle(double x, double y, double width, double height, string fill, string? tip = null) =>
        body.Append(Invariant($"  <rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"{fill}\""))
            .AppendLine(tip is null ? "/>" : $"><title>{WebUtility.HtmlEncode(tip)}</title></rect>");

    public void Line(double x1, double y1, double x2, double y2, string stroke, double thickness = 1) =>
        body.AppendLine(Invariant(
            $"  <line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{stroke}\" stroke-width=\"{thickness:0.##}\"/>"));

    public void Curve(IEnumerable<(double X, double Y)> points, string stroke) =>
        body.Append("  <polyline fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke=\"").Append(stroke).Append("\" points=\"")
            .AppendJoin(' ', points.Select(point => Invariant($"{point.X:0.##},{point.Y:0.##}"))).AppendLine("\"/>");

    public void Dot(double x, double y, string fill) =>
        body.AppendLine(Invariant($"  <circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"3.5\" fill=\"{fill}\"/>"));

    /// <summary>Text; anchor is start, middle or end; the angle is in degrees, clockwise about the anchor.</summary>
    public void Text(double x, double y, string text, string anchor = "start", double size = 12, double angle = 0, string fill = Ink)
    {
        string turn = angle == 0 ? string.Empty : Invariant($" transform=\"rotate({angle:0.##} {x:0.##} {y:0.##})\"");
        body.AppendLine(Invariant(
            $"  <text x=\"{x:0.##}\" y=\"{y:0.##}\" font-size=\"{size:0.##}\" text-anchor=\"{anchor}\" fill=\"{fill}\"{turn}>{WebUtility.HtmlEncode(text)}</text>"));
    }

    public override string ToString() =>
        Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0.##} {height:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" ")
        + "font-family=\"system-ui, sans-serif\">\n"
        + Invariant($"  <rect width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"{Paper}\"/>\n")
        + body + "</svg>\n";

    public const string Ink = "#1f2933";
    public const string Faint = "#d5dbe1";
    public const string Paper = "#ffffff";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
