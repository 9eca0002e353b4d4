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

    /// <summary>
    /// Copies <paramref name="rows"/> rows and <paramref name="depth"/> columns of A: column p of it lies at p · <paramref name="rows"/>.
    /// Up to a vector behind the panel is overwritten.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyA(T* a, nint row, nint column, int rows, int depth, T* panel)
    {
        for (int p = 0; p < depth; p++)
        {
            if (row == 1)
            {
                // What a whole vector writes too much, the next column overwrites.
                for (int i = 0; i < rows; i += S.Count)
                    S.Store(S.LoadFirst(ref a[i], Math.Min(rows - i, S.Count)), ref panel[i]);
            }
            else
            {
                for (int i = 0; i < rows; i++)
                    panel[i] = a[i * row];
            }
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

    // Rows of the source, `stride` apart, become columns of the panel, which are one vector wide: squares of as many rows and columns as a vector has elements.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyTransposed(T* source, nint stride, int depth, int columns, T* panel, int width)
    {
        const int CacheLine = 64; // a vector that lies across two cache lines is slow to store
        byte* memory = stackalloc byte[(2 * S.Count * S.Count * sizeof(T)) + CacheLine];
        T* square = (T*)(((nuint)memory + CacheLine - 1) & ~(nuint)(CacheLine - 1));
        T* other = square + (S.Count * S.Count);
        for (int p = 0; p < depth; p += S.Count)
        {
            int count = Math.Min(depth - p, S.Count);
            T* row = source;
            for (int j = 0; j < S.Count; j++)
            {
                V elements = j >= columns ? S.Zero : count == S.Count ? S.Load(ref *row) : S.LoadFirst(ref *row, count);
                S.Store(elements, ref square[j * S.Count]);
                row += stride;
            }

            // To interleave each row of the upper half with its partner of the lower half moves the leading bit of
            // (row, column) to the end. Repeated until all bits of the row have moved, row and column have changed places.
            for (int moved = 1; moved < S.Count; moved *= 2)
            {
                T* upper = square;
                T* lower = square + (S.Count * S.Count / 2);
                T* mixed = other;
                for (int i = 0; i < S.Count / 2; i++)
                {
                    V fromUpper = S.Load(ref *upper);
                    V fromLower = S.Load(ref *lower);
                    S.Store(S.InterleaveLower(fromUpper, fromLower), ref *mixed);
                    S.Store(S.InterleaveUpper(fromUpper, fromLower), ref mixed[S.Count]);
                    upper += S.Count;
                    lower += S.Count;
                    mixed += 2 * S.Count;
                }
                T* filled = square;
                square = other;
                other = filled;
            }

            for (int i = 0; i < count; i++)
                S.Store(S.Load(ref square[i * S.Count]), ref panel[i * width]);
            source += S.Count;
            panel += S.Count * width;
        }
    }
}
