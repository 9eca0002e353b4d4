using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>Reads rows of a table [count, width] by their numbers, and sums into them: embeddings.</summary>
public static unsafe class Indexing
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
        CheckRows(table.Length, rows, nameof(output), output.Length, width);
        if (Execution.Plain)
        {
            for (int r = 0; r < rows.Length; r++)
                table.Slice(rows[r] * width, width).CopyTo(output.Slice(r * width, width));
            return;
        }
        fixed (T* x = table, y = output)
        fixed (int* numbers = rows)
            Ranges.Run<T, GatherKernel<T>>(rows.Length, width, new(new(x, table.Length), new(numbers, rows.Length), new(y, output.Length), width));
    }

    /// <summary>∂L/∂table[i, :] = Σ ∂L/∂y[r, :] over all r with rows[r] = i, in the order of r at any number of threads; 0 where there is none.</summary>
    /// <param name="outputGradient">∂L/∂y [rows, width].</param>
    /// <param name="rows">Row numbers, 0 to count − 1, or the ignored row.</param>
    /// <param name="tableGradient">∂L/∂table [count, width]; every element is assigned.</param>
    /// <param name="width">Elements in a row.</param>
    /// <param name="ignoredRow">A row number that takes no gradient, such as the padding token; −1 for none.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row number is outside the table.</exception>
    public static void SegmentSum<T>(ReadOnlySpan<T> outputGradient, ReadOnlySpan<int> rows, Span<T> tableGradient, int width, int ignoredRow = -1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRows(tableGradient.Length, rows, nameof(outputGradient), outputGradient.Length, width, ignoredRow);
        Copying.Clear(tableGradient);
        if (Execution.Plain)
        {
            for (int i = 0; i < outputGradient.Length; i++)
            {
                int row = rows[i / width];
                if (row != ignoredRow)
                    tableGradient[(row * width) + (i % width)] += outputGradient[i];
            }
            return;
        }

        fixed (T* dy = outputGradient, dx = tableGradient)
        fixed (int* numbers = rows)
        {
            Ranges.Run<T, SegmentSumKernel<T>>(RowOwners.Count, RowOwners.Elements(outputGradient.Length), new(
                new(dy, outputGradient.Length), new(numbers, rows.Length), new(dx, tableGradient.Length), width, ignoredRow));
        }
    }

    internal static void CheckRows(int tableLength, ReadOnlySpan<int> rows, string name, int length, int width, int ignoredRow = -1)
    {
        int count = Check.Rows("table", tableLength, width);
        Check.Length(name, length, (long)rows.Length * width);
        for (int r = 0; r < rows.Length; r++)
        {
            if ((uint)rows[r] >= (uint)count && !(rows[r] == ignoredRow && ignoredRow >= 0))
                throw new ArgumentOutOfRangeException(nameof(rows), Check.Text($"Row number {rows[r]} at position {r} is outside the table of {count} rows."));
        }
    }

    private readonly struct GatherKernel<T>(SharedSpan<T> table, SharedSpan<int> rows, SharedSpan<T> output, int width) : IRangeKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<V, S>(int start, int end)
            where V : struct
            where S : ISimd<V, T>
        {
            for (int r = start; r < end; r++)
                table.Span.Slice(rows.Span[r] * width, width).CopyTo(output.Span.Slice(r * width, width));
        }
    }

    private readonly struct SegmentSumKernel<T>(SharedSpan<T> outputGradient, SharedSpan<int> rows, SharedSpan<T> tableGradient, int width, int ignoredRow)
        : IRangeKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<V, S>(int start, int end)
            where V : struct
            where S : ISimd<V, T>
        {
            for (int r = 0; r < rows.Length; r++)
            {
                int row = rows.Span[r];
                if (row != ignoredRow && RowOwners.Own(row, start, end))
                    RowLoops.Accumulate<V, S, T>(outputGradient.Span.Slice(r * width, width), tableGradient.Span.Slice(row * width, width));
            }
        }
    }
}
