using System.Globalization;
using Transformer.Training;

namespace Transformer.Samples.Translate.Pictures;

/// <summary>
/// Cross-attention as a grid of heat maps: a row of pictures for each decoder layer, a picture for each head, source
/// words along the top and target words down the side. A cell's darkness is the weight that the target word gives the
/// source word.
/// </summary>
internal static class AttentionPicture
{
    private const double Cell = 20;
    private const double Gap = 28;
    private const double CharacterWidth = 6.6;

    /// <summary>Draws a translation's weights.</summary>
    public static string Of(AttentionOfTranslation attention) =>
        Draw(attention.SourceTokens, attention.TargetTokens, attention.Weights, attention.HeadCount);

    /// <summary>Draws the weights.</summary>
    /// <param name="source">Source tokens.</param>
    /// <param name="target">Tokens that the decoder produced, each one row.</param>
    /// <param name="layers">For each layer the weights [head, target, source], row-major.</param>
    /// <param name="headCount">Heads of each layer.</param>
    public static string Draw(
        IReadOnlyList<string> source, IReadOnlyList<string> target, IReadOnlyList<double[]> layers, int headCount)
    {
        double left = target.Max(word => word.Length) * CharacterWidth + 14;
        double top = source.Max(word => word.Length) * CharacterWidth + 34;
        double mapWidth = source.Count * Cell;
        double mapHeight = target.Count * Cell;
        double panelWidth = left + mapWidth + Gap;
        double panelHeight = top + mapHeight + Gap;
        const double Header = 30;
        SvgWriter svg = new((headCount * panelWidth) + Gap, Header + (layers.Count * panelHeight));
        svg.Text(Gap / 2, 20, "Cross-attention: what each produced word (rows) looks at in the source (columns)", size: 15);
        for (int layer = 0; layer < layers.Count; layer++)
        {
            for (int head = 0; head < headCount; head++)
            {
                double x = (head * panelWidth) + left;
                double y = Header + (layer * panelHeight) + top;
                svg.Text(x, y - top + 24, $"layer {layer + 1}, head {head + 1}", size: 12);
                Words(svg, source, target, x, y);
                int start = head * target.Count * source.Count;
                Map(svg, source, target, layers[layer].AsSpan(start, target.Count * source.Count), x, y);
            }
        }

        return svg.ToString();
    }

    private static void Words(SvgWriter svg, IReadOnlyList<string> source, IReadOnlyList<string> target, double x, double y)
    {
        for (int s = 0; s < source.Count; s++)
            svg.Text(x + ((s + 0.5) * Cell) + 4, y - 5, source[s], size: 12, angle: -90);
        for (int t = 0; t < target.Count; t++)
            svg.Text(x - 5, y + ((t + 0.5) * Cell) + 4, target[t], anchor: "end", size: 12);
    }

    private static void Map(
        SvgWriter svg, IReadOnlyList<string> source, IReadOnlyList<string> target, ReadOnlySpan<double> weights, double x, double y)
    {
        for (int t = 0; t < target.Count; t++)
        {
            for (int s = 0; s < source.Count; s++)
            {
                double weight = weights[(t * source.Count) + s];
                string tip = string.Create(CultureInfo.InvariantCulture, $"{target[t]} ← {source[s]}: {weight:0.000}");
                svg.Rectangle(x + (s * Cell), y + (t * Cell), Cell - 1, Cell - 1, Shade(weight), tip);
            }
        }
    }

    // From nearly white at 0 to dark blue at 1; the root lifts small weights into sight.
    private static string Shade(double weight)
    {
        double depth = Math.Sqrt(Math.Clamp(weight, 0, 1));
        int Mix(int light, int dark) => (int)Math.Round(light + ((dark - light) * depth));
        return $"#{Mix(0xEE, 0x08):x2}{Mix(0xF3, 0x30):x2}{Mix(0xF8, 0x6B):x2}";
    }
}
