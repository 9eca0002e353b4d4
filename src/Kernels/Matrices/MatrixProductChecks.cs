namespace Transformer.Kernels;

/// <summary>The errors of <see cref="MatrixProduct"/>: before anything is computed, and with the sizes that do not fit.</summary>
internal static class MatrixProductChecks
{
    public static void Sizes(int a, int b, int c, int m, int n, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        if (a != (long)m * k)
            throw new ArgumentException($"Matrix product [{m}, {k}] · [{k}, {n}]: A has {a} elements, not {(long)m * k}.");
        if (b != (long)k * n)
            throw new ArgumentException($"Matrix product [{m}, {k}] · [{k}, {n}]: B has {b} elements, not {(long)k * n}.");
        if (c != (long)m * n)
            throw new ArgumentException($"Matrix product [{m}, {k}] · [{k}, {n}]: C has {c} elements, not {(long)m * n}.");
    }

    public static void Apart<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
    {
        if (((ReadOnlySpan<T>)c).Overlaps(a) || ((ReadOnlySpan<T>)c).Overlaps(b))
            throw new ArgumentException("Matrix product: C overlaps an input in memory, and would be overwritten while it is read.");
    }

    public static void Row<T>(ReadOnlySpan<T> row, Span<T> c, int m, int n, int k)
    {
        if (row.Length != n)
            throw new ArgumentException($"Matrix product [{m}, {k}] · [{k}, {n}]: the row that is added to each row of C has {row.Length} elements, not {n}.");
        if (((ReadOnlySpan<T>)c).Overlaps(row))
            throw new ArgumentException("Matrix product: C overlaps the row that is added to it in memory.");
    }

    public static void Layout(string name, int length, MatrixBatch layout, int outer, int inner, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outer);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (layout.Transposed)
            (rows, columns) = (columns, rows);
        if (layout.OuterStride < 0 || layout.InnerStride < 0 || (rows > 1 && layout.RowStride < columns))
            throw new ArgumentException($"Batched matrix product: {name} has rows of {columns} elements, but its layout is {layout}.");
        if (outer == 0 || inner == 0 || rows == 0 || columns == 0)
            return;
        long end = layout.Start(outer - 1, inner - 1) + ((rows - 1L) * layout.RowStride) + columns;
        if (end > length)
            throw new ArgumentException($"Batched matrix product: {name} has {length} elements, but its layout {layout} with {outer} · {inner} matrices [{rows}, {columns}] reaches to {end}.");
    }

    public static void Output(MatrixBatch layout, int outer, int inner, int m, int n)
    {
        if (layout.Transposed)
            throw new ArgumentException("Batched matrix product: C cannot be transposed; swap A and B instead (Cᵀ = Bᵀ · Aᵀ).");
        if (m == 0 || n == 0 || outer == 0 || inner == 0)
            return;

        // Heads side by side in each row, or matrices that follow each other: whatever the order, a step must lead past all that lies within
        // the smaller steps. What lay there twice would be written by two threads.
        Span<(long Stride, int Count)> steps = [(layout.RowStride, m), (layout.InnerStride, inner), (layout.OuterStride, outer)];
        steps.Sort();
        long extent = n;
        foreach ((long stride, int count) in steps)
        {
            if (count == 1)
                continue;
            if (stride < extent)
                throw new ArgumentException($"Batched matrix product: the matrices C [{m}, {n}] overlap in their layout {layout}.");
            extent += stride * (count - 1);
        }
    }
}
