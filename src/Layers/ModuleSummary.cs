using System.Globalization;
using System.Text;

namespace Transformer.Layers;

/// <summary>The table that <see cref="Module.Summary"/> prints.</summary>
internal static class ModuleSummary
{
    private const int CountColumn = 4;

    public static string Of(Module root)
    {
        int outer = Depth(root);
        HashSet<Parameter> counted = [];
        List<string[]> rows = [["module", "class", "output", "parameters", "count", "shared"]];
        foreach (Module module in root.Modules())
        {
            string name = ReferenceEquals(module, root) ? "(all)" : new string(' ', 2 * (Depth(module) - outer - 1)) + module.LocalName;
            rows.Add([name, module.Kind, module.OutputShape, OwnShapes(module), OwnCount(module, counted), Shared(module)]);
        }

        rows.Add(["total", string.Empty, string.Empty, string.Empty, Number(root.ParameterCount), string.Empty]);
        return Table(rows);
    }

    private static int Depth(Module module) => module.Parent is null ? 0 : Depth(module.Parent) + 1;

    private static string OwnShapes(Module module) =>
        string.Join(", ", module.OwnParameters.Select(entry => $"{entry.Name} {entry.Parameter.Shape}"));

    private static string OwnCount(Module module, HashSet<Parameter> counted)
    {
        long count = 0;
        foreach ((_, Parameter parameter) in module.OwnParameters)
            count += counted.Add(parameter) ? parameter.Count : 0;
        return module.OwnParameters.Count == 0 ? string.Empty : Number(count);
    }

    private static string Shared(Module module) => string.Join(
        ", ",
        module.OwnParameters
            .Where(entry => entry.Parameter.Name != module.KeyPrefix + entry.Name)
            .Select(entry => $"{entry.Name} = {entry.Parameter.Name}"));

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Table(List<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        for (int row = 0; row < rows.Count; row++)
        {
            if (row == 1 || row == rows.Count - 1)
                text.Append('-', widths.Sum() + 2 * (widths.Length - 1)).Append('\n');
            // Numbers stand on the right of their column, all else on the left.
            IEnumerable<string> cells = rows[row].Select((cell, column) => column == CountColumn ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
