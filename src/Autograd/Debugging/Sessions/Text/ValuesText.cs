using System.Text;
using Transformer.Autograd.Debugging.Sessions.Addresses;

namespace Transformer.Autograd.Debugging.Sessions.Text;

/// <summary>The numbers of tensors: in a line, as rows, or as statistics.</summary>
internal sealed class ValuesText(Ink ink, NumberText numbers)
{
    /// <summary>Up to so many numbers stand in a line in full.</summary>
    public const int Few = 12;

    // Longer axes show their first and last entries only.
    private const int LongAxis = 12;
    private const int Ends = 4;

    public NumberText Numbers => numbers;

    /// <summary><c>{0.1, 0.2}</c> where there are few, else the statistics.</summary>
    public string Inline(RecordedValues values, Selection? selection = null)
    {
        selection ??= Selection.Whole(values.Shape);
        if (!values.IsComplete)
            return Statistics(values.Statistics) + ink.Warning(" (values left out)");
        return selection.Shape.ElementCount <= Few
            ? Braces(values, selection)
            : Statistics(selection.IsWhole ? values.Statistics : StatisticsOf(values, selection));
    }

    /// <summary>Minimum to norm in a line, and what is not as it should be.</summary>
    public string Statistics(TensorStatistics statistics)
    {
        string text = statistics.Count == 0
            ? "empty"
            : $"min {numbers.Of(statistics.Min)} max {numbers.Of(statistics.Max)} mean {numbers.Of(statistics.Mean)} norm {numbers.Of(statistics.Norm)}";
        if (statistics.Zeros > 0)
            text += $" zeros {NumberText.Percent(statistics.ZeroShare)}";
        if (statistics.NaNs > 0)
            text += ink.Bad($" NaN {statistics.NaNs}");
        return statistics.Infinities > 0 ? text + ink.Warning($" inf {statistics.Infinities}") : text;
    }

    public static TensorStatistics StatisticsOf(RecordedValues values, Selection selection)
    {
        double[] chosen = [.. Enumerable.Range(0, selection.Shape.ElementCount).Select(i => values.ValueAt(selection.PositionOf(i)))];
        return TensorStatistics.Of(Tensor.From(chosen, [chosen.Length], DType.Float64));
    }

    /// <summary>One line for each row of the last axis; a block with its index above for each entry of the axes before the last two.</summary>
    public string Rows(RecordedValues values, Selection selection)
    {
        if (selection.Shape.Rank <= 1)
            return "  " + string.Join("  ", Line(values, selection, 0));
        StringBuilder text = new();
        Blocks(values, selection, text);
        return text.ToString().TrimEnd('\n');
    }

    private void Blocks(RecordedValues values, Selection selection, StringBuilder text)
    {
        if (selection.Shape.Rank > 2)
        {
            foreach (int index in Shown(selection.Shape[0]))
            {
                if (index < 0)
                    text.Append("  …\n");
                else
                    Blocks(values, selection.At(index), text);
            }

            return;
        }

        if (selection.ToString() is { Length: > 0 } name)
            text.Append("  ").Append(ink.Faint(name)).Append('\n');
        List<string[]?> rows = [.. Shown(selection.Shape[0]).Select(row => row < 0 ? null : Line(values, selection.At(row), 0))];
        int width = rows.Max(row => row?.Max(entry => (int?)entry.Length)) ?? 0;
        foreach (string[]? row in rows)
            text.Append("  ").AppendJoin("  ", row?.Select(entry => entry.PadLeft(width)) ?? ["…"]).Append('\n');
    }

    private string[] Line(RecordedValues values, Selection selection, int first)
    {
        int count = selection.Shape.ElementCount;
        return [.. Shown(count).Select(i => i < 0 ? "…" : numbers.Of(values.ValueAt(selection.PositionOf(first + i)), values.DType))];
    }

    // −1 stands for what is left out.
    private static IEnumerable<int> Shown(int count) => count <= LongAxis
        ? Enumerable.Range(0, count)
        : [.. Enumerable.Range(0, Ends), -1, .. Enumerable.Range(count - Ends, Ends)];

    private string Braces(RecordedValues values, Selection selection) => selection.IsElement
        ? numbers.Of(values.ValueAt(selection.First), values.DType)
        : $"{{{string.Join(", ", Enumerable.Range(0, selection.Shape[0]).Select(index => Braces(values, selection.At(index))))}}}";
}
