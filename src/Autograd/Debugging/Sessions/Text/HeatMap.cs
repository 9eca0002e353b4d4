using System.Text;
using Transformer.Autograd.Debugging.Sessions.Addresses;

namespace Transformer.Autograd.Debugging.Sessions.Text;

/// <summary>A matrix as coloured blocks, or as digits where there is no colour; with words on the axes where they fit.</summary>
internal sealed class HeatMap(Ink ink)
{
    // What fits on a screen.
    private const int MostRows = 64;
    private const int MostColumns = 64;

    public string Of(Recording recording, Address address, RecordedValues values, string note)
    {
        if (!values.IsComplete)
            throw new ValuesLeftOutException(values.Shape);
        Selection selection = address.Selection;
        while (selection.Shape.Rank > 2)
            selection = selection.At(0);
        int columns = selection.Shape.Rank == 0 ? 1 : selection.Shape[-1];
        int rows = selection.Shape.Rank < 2 ? 1 : selection.Shape[0];
        double Value(int row, int column) => values.ValueAt(selection.PositionOf((row * columns) + column));
        double largest = 0;
        for (int i = 0; i < rows * columns; i++)
        {
            double size = Math.Abs(values.ValueAt(selection.PositionOf(i)));
            largest = double.IsFinite(size) ? Math.Max(largest, size) : largest;
        }

        StringBuilder text = new($"{ink.Name(address.Name + selection)} [{rows}, {columns}]{note}  largest |value| {NumberText.Short(largest)}");
        int shownRows = Math.Min(rows, MostRows);
        int shownColumns = Math.Min(columns, MostColumns);
        (IReadOnlyList<string> Rows, IReadOnlyList<string> Columns) words = Words(recording, address, selection, rows, columns);
        int margin = words.Rows.Take(shownRows).Select(word => word.Length).DefaultIfEmpty(0).Max();
        foreach (string line in ColumnWords(words.Columns.Take(shownColumns)))
            text.Append('\n').Append(' ', margin + 3).Append(line);
        for (int row = 0; row < shownRows; row++)
        {
            text.Append('\n').Append("  ").Append((row < words.Rows.Count ? words.Rows[row] : string.Empty).PadLeft(margin)).Append(' ');
            for (int column = 0; column < shownColumns; column++)
                text.Append(Cell(Value(row, column), largest));
            text.Append(shownColumns < columns ? " …" : string.Empty);
        }

        return text.Append(shownRows < rows ? "\n  …" : string.Empty).ToString();
    }

    private string Cell(double value, double largest)
    {
        if (double.IsNaN(value))
            return ink.Bad(" ?");
        if (double.IsInfinity(value))
            return ink.Warning(value > 0 ? "+∞" : "-∞");
        double share = largest == 0 ? 0 : Math.Abs(value) / largest;
        if (!ink.IsOn)
            return $"{(value < 0 ? "-" : " ")}{(int)Math.Round(9 * share)}";

        // From near black to a full red or blue; blocks rather than blanks, so that a copy of the text keeps its shape.
        int strong = 40 + (int)(215 * share);
        int weak = 40 - (int)(20 * share);
        return value < 0 ? ink.Block(weak, 40 + (int)(80 * share), strong) : ink.Block(strong, 40 + (int)(50 * share), weak);
    }

    // Columns are two characters wide: their words stand upright, one letter a line.
    private static IEnumerable<string> ColumnWords(IEnumerable<string> words)
    {
        string[] all = [.. words];
        int height = all.Select(word => word.Length).DefaultIfEmpty(0).Max();
        for (int line = 0; line < height; line++)
            yield return string.Concat(all.Select(word => " " + (line < height - word.Length ? ' ' : word[line - height + word.Length]))).TrimEnd();
    }

    // In attention rows are the words that ask, columns those that are asked.
    private static (IReadOnlyList<string> Rows, IReadOnlyList<string> Columns) Words(
        Recording recording, Address address, Selection selection, int rows, int columns)
    {
        int sentence = address.Shape.Rank > 2 ? selection.StartOf(0) : 0;
        string module = (address.Operation ?? address.Tensor.Producer)?.Module ?? string.Empty;
        bool isSource = module.StartsWith("encoder", StringComparison.Ordinal);
        bool isCross = module.Contains("multihead_attn", StringComparison.Ordinal);
        return (Fitting(isSource ? ["source", "target"] : ["target", "source"], rows),
            Fitting(isSource || isCross ? ["source", "target"] : ["target", "source"], columns));

        IReadOnlyList<string> Fitting(string[] axes, int length) => axes.Concat(recording.Words.Keys.Order(StringComparer.Ordinal))
            .Select(axis => recording.Words.TryGetValue(axis, out IReadOnlyList<IReadOnlyList<string>>? sentences) && sentence < sentences.Count
                ? sentences[sentence]
                : [])
            .FirstOrDefault(words => words.Count == length && length > 0) ?? [];
    }
}
