using System.Globalization;

namespace Transformer.Autograd.Debugging;

/// <summary>Tensors as text for debuggers and error messages: shape first, then dtype, producer and values.</summary>
internal static class TensorText
{
    private const int MostValues = 8;

    public static string Describe(Tensor tensor)
    {
        string text = $"{tensor.Shape} {tensor.DType}";
        if (tensor.Producer is { } producer)
            text += $" ← {producer.Kind}";
        if (tensor.IsReleased)
            return text + " (its step has ended)";
        IEnumerable<string> values = Enumerable.Range(0, Math.Min(tensor.Count, MostValues))
            .Select(i => Number(tensor.ValueAt(i)));
        return $"{text} {{{string.Join(", ", values)}{(tensor.Count > MostValues ? ", …" : string.Empty)}}}";
    }

    public static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>One line for each row of the last axis.</summary>
    public static string[] Rows(Tensor tensor)
    {
        if (tensor.IsReleased)
            return ["(its step has ended)"];
        int columns = tensor.Rank == 0 ? 1 : Math.Max(1, tensor.Shape[-1]);
        string[] rows = new string[tensor.Count / columns];
        for (int row = 0; row < rows.Length; row++)
            rows[row] = string.Join("  ", Enumerable.Range(row * columns, columns).Select(i => Number(tensor.ValueAt(i))));
        return rows;
    }
}
