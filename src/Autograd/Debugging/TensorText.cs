using System.Globalization;

namespace Transformer.Autograd.Debugging;

/// <summary>Tensors as text for debuggers and error messages. Looking changes nothing, and never takes long.</summary>
internal static class TensorText
{
    /// <summary>The statistics of a larger tensor are those of a sample, and say so.</summary>
    public const int MostExamined = 1 << 20;

    private const string Released = "(its step has ended)";
    private const int MostValues = 8;
    private const int MostRows = 64;
    private const int MostColumns = 32;

    /// <summary>Shape, dtype, name, producer, and the values where they are few, else their statistics.</summary>
    public static string Describe(Tensor tensor)
    {
        string text = $"{tensor.Shape} {tensor.DType}";
        if (tensor.Name.Length > 0)
            text += $" {tensor.Name}";
        if (tensor.Producer is { } producer)
            text += $" ← {producer.Kind}";
        if (tensor.IsReleased)
            return $"{text} {Released}";
        return tensor.Count <= MostValues
            ? $"{text} {{{string.Join(", ", Enumerable.Range(0, tensor.Count).Select(i => Number(tensor.ValueAt(i))))}}}"
            : $"{text}, {Statistics(tensor)}";
    }

    /// <summary><c>min -3.1, max 2.9, mean 0.02, norm 14.2, zeros 0, NaN 0</c>; the first four are of the finite elements.</summary>
    public static string Statistics(Tensor tensor)
    {
        if (tensor.IsReleased)
            return Released;
        // Odd, so that it does not always meet the same column.
        int stride = ((tensor.Count - 1) / MostExamined) | 1;
        TensorStatistics found = TensorStatistics.Of(tensor, stride);
        return $"min {Number(found.Min)}, max {Number(found.Max)}, mean {Number(found.Mean)}, norm {Number(found.Norm)}, "
            + string.Create(CultureInfo.InvariantCulture, $"zeros {found.Zeros}, NaN {found.NaNs}")
            + (found.Infinities == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", infinite {found.Infinities}"))
            + (stride == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" (of one element in {stride})"));
    }

    public static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>
    /// One line for each row of the last axis; above two axes, each matrix below its place, <c>[0, 3, :, :]</c> for batch 0
    /// and head 3. "…" stands for what was cut.
    /// </summary>
    public static string[] Rows(Tensor tensor)
    {
        if (tensor.IsReleased)
            return [Released];
        if (tensor.Count == 0)
            return [];
        int columns = tensor.Rank == 0 ? 1 : tensor.Shape[-1];
        int rowsOfMatrix = tensor.Rank < 2 ? 1 : tensor.Shape[-2];
        int shown = Math.Min(tensor.Count / columns, MostRows);
        int width = Width(tensor, shown, columns);
        List<string> lines = [];
        for (int row = 0; row < shown; row++)
        {
            if (tensor.Rank > 2 && row % rowsOfMatrix == 0)
                lines.Add(Place(tensor.Shape, row / rowsOfMatrix));
            lines.Add(string.Join("  ", Cells(tensor, row, columns).Select(cell => cell.PadLeft(width))) + (columns > MostColumns ? "  …" : string.Empty));
        }

        if (shown < tensor.Count / columns)
            lines.Add("…");
        return [.. lines];
    }

    private static IEnumerable<string> Cells(Tensor tensor, int row, int columns) =>
        Enumerable.Range(row * columns, Math.Min(columns, MostColumns)).Select(i => Number(tensor.ValueAt(i)));

    private static int Width(Tensor tensor, int rows, int columns) =>
        Enumerable.Range(0, rows).Max(row => Cells(tensor, row, columns).Max(cell => cell.Length));

    private static string Place(Shape shape, int matrix)
    {
        string text = ":, :]";
        for (int axis = shape.Rank - 3; axis >= 0; axis--)
        {
            text = string.Create(CultureInfo.InvariantCulture, $"{matrix % shape[axis]}, {text}");
            matrix /= shape[axis];
        }

        return "[" + text;
    }
}
