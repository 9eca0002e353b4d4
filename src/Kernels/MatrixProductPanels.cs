using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Copies of parts of A and B in the order in which a tile reads them. Panel of B: as many columns as a full tile has, row by
/// row, the last panel filled up with zeros so that whole vectors can be read. Panel of A: as many rows as a full tile has, column by column.
/// </summary>
internal static unsafe class MatrixProductPanels<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    /// <summary>Columns of a panel of B.</summary>
    public static int Width => MatrixProductTile<V, S, T>.Vectors * S.Count;

    /// <summary>Copies <paramref name="columns"/> columns (at most <see cref="Width"/>) and <paramref name="depth"/> rows of B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyB(T* b, nint row, nint column, int depth, int columns, T* panel)
    {
        if (column == 1)
        {
            CopyRows(b, row, depth, columns, panel);
            return;
        }

        for (int j = 0; j < Width; j += S.Count)
        {
            if (j < columns)
                CopyTransposed(b + (j * column), column, depth, Math.Min(columns - j, S.Count), panel + j, Width);
        }
    }

    /// <summary>Copies <paramref name="rows"/> rows and <paramref name="depth"/> columns of A: column p of it lies at p · <paramref name="rows"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyA(T* a, nint row, nint column, int rows, int depth, T* panel)
    {
        for (int p = 0; p < depth; p++)
        {
            for (int i = 0; i < rows; i++)
                panel[i] = a[i * row];
            a += column;
            panel += rows;
        }
    }

    private static void CopyRows(T* b, nint row, int depth, int columns, T* panel)
    {
        int whole = columns / S.Count * S.Count;
        for (int p = 0; p < depth; p++)
        {
            for (int j = 0; j < whole; j += S.Count)
                S.Store(S.Load(ref b[j]), ref panel[j]);
            if (whole < columns)
                S.Store(S.LoadFirst(ref b[whole], columns - whole), ref panel[whole]);
            b += row;
            panel += Width;
        }
    }

    // Rows of the source, `stride` apart, become columns of the panel, which are one vector wide.
    private static void CopyTransposed(T* source, nint stride, int depth, int columns, T* panel, int width)
    {
        for (int p = 0; p < depth; p++)
        {
            for (int j = 0; j < columns; j++)
                panel[j] = source[j * stride];
            for (int j = columns; j < S.Count; j++)
                panel[j] = default;
            source++;
            panel += width;
        }
    }
}
