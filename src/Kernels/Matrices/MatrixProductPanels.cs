using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Copies of parts of B in the order in which a tile reads them. A panel holds as many columns as a full tile has, row by row,
/// the last one filled up with zeros so that whole vectors can be read.
/// </summary>
internal static unsafe class MatrixProductPanels<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    private const int RowsAhead = 8;

    /// <summary>Columns of a panel.</summary>
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MatrixProductTile<V, S, T>.Vectors * S.Count;
    }

    /// <summary>Copies <paramref name="columns"/> columns and <paramref name="depth"/> rows of B, panel after panel.</summary>
    public static void Copy(T* b, nint row, nint column, int depth, int columns, T* panels)
    {
        if (column == 1)
        {
            CopyRows(b, row, depth, columns, panels);
            return;
        }
        for (int first = 0; first < columns; first += S.Count)
        {
            (int panel, int inPanel) = Math.DivRem(first, Width);
            MatrixProductTransposition<V, S, T>.Copy(
                b + (first * column), column, depth, Math.Min(columns - first, S.Count), panels + ((nint)panel * Width * depth) + inPanel, Width);
        }
    }

    // A row of all panels, then the next, so that B is read in long stretches of memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows(T* b, nint row, int depth, int columns, T* panels)
    {
        nint ahead = RowsAhead * row;
        for (int p = 0; p < depth; p++)
        {
            T* to = panels;
            for (int first = 0; first < columns; first += Width)
            {
                T* from = b + first;
                int count = Math.Min(Width, columns - first);
                int j = 0;
                for (; j <= count - S.Count; j += S.Count)
                {
                    Cache.Fetch(from + ahead + j);
                    S.Store(S.Load(ref from[j]), ref to[j]);
                }
                if (j < count)
                    S.Store(S.LoadFirst(ref from[j], count - j), ref to[j]);
                to += (nint)Width * depth;
            }
            b += row;
            panels += Width;
        }
    }
}
