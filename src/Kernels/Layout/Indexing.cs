using System.Numerics;

namespace Transformer.Kernels;

/// <summary>Reads and accumulates rows of a table [count, width] by their numbers: embeddings.</summary>
public static class Indexing
{
    /// <summary>y[r, :] = table[rows[r], :].</summary>
    /// <param name="table">[count, width].</param>
    /// <param name="rows">Row numbers, 0 to count − 1.</param>
    /// <param name="output">y [rows, width].</param>
    /// <param name="width">Elements in a row.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row number is outside the table.</exception>
    public static void Gather<T>(ReadOnlySpan<T> table, ReadOnlySpan<int> rows, Span<T> output, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRows(table.Length, rows, nameof(output), output.Length, width, ignoredRow: -1, mayIgnore: false);
        for (int r = 0; r < rows.Length; r++)
            table.Slice(rows[r] * width, width).CopyTo(output.Slice(r * width, width));
    }

    /// <summary>∂L/∂table[rows[r], :] += ∂L/∂y[r, :], in the order of r at any number of threads.</summary>
    /// <param name="outputGradient">∂L/∂y [rows, width].</param>
    /// <param name="rows">Row numbers, 0 to count − 1, or the ignored row.</param>
    /// <param name="tableGradient">∂L/∂table [count, width], accumulated.</param>
    /// <param name="width">Elements in a row.</param>
    /// <param name="ignoredRow">A row number that takes no gradient, such as the padding token; −1 for none.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row number is outside the table.</exception>
    public static void ScatterAdd<T>(ReadOnlySpan<T> outputGradient, ReadOnlySpan<int> rows, Span<T> tableGradient, int width, int ignoredRow = -1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRows(tableGradient.Length, rows, nameof(outputGradient), outputGradient.Length, width, ignoredRow, mayIgnore: true);
        for (int r = 0; r < rows.Length; r++)
        {
            if (rows[r] != ignoredRow)
                Elementwise.Accumulate(outputGradient.Slice(r * width, width), tableGradient.Slice(rows[r] * width, width));
        }
    }

    private static void CheckRows(int tableLength, ReadOnlySpan<int> rows, string name, int length, int width, int ignoredRow, bool mayIgnore)
    {
        int count = Check.Rows("table", tableLength, width);
        Check.Length(name, length, (long)rows.Length * width);
        for (int r = 0; r < rows.Length; r++)
        {
            if ((uint)rows[r] >= (uint)count && !(mayIgnore && rows[r] == ignoredRow && ignoredRow >= 0))
                throw new ArgumentOutOfRangeException(nameof(rows), Check.Text($"Row number {rows[r]} at position {r} is outside the table of {count} rows."));
        }
    }
}
