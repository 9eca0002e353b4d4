using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Writes the transpose of a strip of a matrix: squares of as many rows and columns as a vector has elements, in registers.
/// </summary>
/// <remarks>
/// Number rows and columns in binary. To interleave rows i and i + 8 moves the leading bit of the row to the end of the column, and the
/// leading bit of the column to the place that it held. Done with 8, 4, 2 and 1, all bits of row and column have changed places.
/// </remarks>
internal static unsafe class MatrixProductTransposition<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    /// <summary>
    /// Element (p, j) of the destination becomes element (j, p) of the source, for <paramref name="depth"/> p and
    /// <paramref name="columns"/> j, at most one vector of them; up to a whole vector, the destination's rows are filled with zeros.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(T* source, nint sourceRow, int depth, int columns, T* destination, int destinationRow)
    {
        byte* memory = stackalloc byte[(S.Count * S.Count * sizeof(T)) + Cache.LineBytes];
        T* square = Cache.Aligned<T>(memory);
        for (; depth > 0; depth -= S.Count)
        {
            if (depth >= S.Count && columns == S.Count)
            {
                Square(source, sourceRow, destination, destinationRow);
            }
            else
            {
                int count = Math.Min(depth, S.Count);
                for (int j = 0; j < S.Count; j++)
                    S.Store(j < columns ? S.LoadFirst(ref source[j * sourceRow], count) : S.Zero, ref square[j * S.Count]);
                Square(square, S.Count, square, S.Count);
                for (int p = 0; p < count; p++)
                    S.Store(S.Load(ref square[p * S.Count]), ref destination[p * destinationRow]);
            }
            source += S.Count;
            destination += S.Count * destinationRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(T* source, nint sourceRow, T* destination, nint destinationRow)
    {
        V x0 = S.Load(ref *source), x1 = S.Load(ref *(source += sourceRow));
        V x2 = S.Zero, x3 = S.Zero, x4 = S.Zero, x5 = S.Zero, x6 = S.Zero, x7 = S.Zero, x8 = S.Zero;
        V x9 = S.Zero, x10 = S.Zero, x11 = S.Zero, x12 = S.Zero, x13 = S.Zero, x14 = S.Zero, x15 = S.Zero;
        if (S.Count > 2)
        {
            x2 = S.Load(ref *(source += sourceRow));
            x3 = S.Load(ref *(source += sourceRow));
        }
        if (S.Count > 4)
        {
            x4 = S.Load(ref *(source += sourceRow));
            x5 = S.Load(ref *(source += sourceRow));
            x6 = S.Load(ref *(source += sourceRow));
            x7 = S.Load(ref *(source += sourceRow));
        }
        if (S.Count > 8)
        {
            x8 = S.Load(ref *(source += sourceRow));
            x9 = S.Load(ref *(source += sourceRow));
            x10 = S.Load(ref *(source += sourceRow));
            x11 = S.Load(ref *(source += sourceRow));
            x12 = S.Load(ref *(source += sourceRow));
            x13 = S.Load(ref *(source += sourceRow));
            x14 = S.Load(ref *(source += sourceRow));
            x15 = S.Load(ref *(source += sourceRow));
        }

        if (S.Count > 8)
        {
            Interleave(ref x0, ref x8);
            Interleave(ref x1, ref x9);
            Interleave(ref x2, ref x10);
            Interleave(ref x3, ref x11);
            Interleave(ref x4, ref x12);
            Interleave(ref x5, ref x13);
            Interleave(ref x6, ref x14);
            Interleave(ref x7, ref x15);
        }
        if (S.Count > 4)
        {
            Interleave(ref x0, ref x4);
            Interleave(ref x1, ref x5);
            Interleave(ref x2, ref x6);
            Interleave(ref x3, ref x7);
        }
        if (S.Count > 8)
        {
            Interleave(ref x8, ref x12);
            Interleave(ref x9, ref x13);
            Interleave(ref x10, ref x14);
            Interleave(ref x11, ref x15);
        }
        if (S.Count > 2)
        {
            Interleave(ref x0, ref x2);
            Interleave(ref x1, ref x3);
        }
        if (S.Count > 4)
        {
            Interleave(ref x4, ref x6);
            Interleave(ref x5, ref x7);
        }
        if (S.Count > 8)
        {
            Interleave(ref x8, ref x10);
            Interleave(ref x9, ref x11);
            Interleave(ref x12, ref x14);
            Interleave(ref x13, ref x15);
        }
        Interleave(ref x0, ref x1);
        if (S.Count > 2)
        {
            Interleave(ref x2, ref x3);
        }
        if (S.Count > 4)
        {
            Interleave(ref x4, ref x5);
            Interleave(ref x6, ref x7);
        }
        if (S.Count > 8)
        {
            Interleave(ref x8, ref x9);
            Interleave(ref x10, ref x11);
            Interleave(ref x12, ref x13);
            Interleave(ref x14, ref x15);
        }

        S.Store(x0, ref *destination);
        S.Store(x1, ref *(destination += destinationRow));
        if (S.Count > 2)
        {
            S.Store(x2, ref *(destination += destinationRow));
            S.Store(x3, ref *(destination += destinationRow));
        }
        if (S.Count > 4)
        {
            S.Store(x4, ref *(destination += destinationRow));
            S.Store(x5, ref *(destination += destinationRow));
            S.Store(x6, ref *(destination += destinationRow));
            S.Store(x7, ref *(destination += destinationRow));
        }
        if (S.Count > 8)
        {
            S.Store(x8, ref *(destination += destinationRow));
            S.Store(x9, ref *(destination += destinationRow));
            S.Store(x10, ref *(destination += destinationRow));
            S.Store(x11, ref *(destination += destinationRow));
            S.Store(x12, ref *(destination += destinationRow));
            S.Store(x13, ref *(destination += destinationRow));
            S.Store(x14, ref *(destination += destinationRow));
            S.Store(x15, ref *(destination += destinationRow));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(ref V a, ref V b)
    {
        V lower = S.InterleaveLower(a, b);
        b = S.InterleaveUpper(a, b);
        a = lower;
    }
}
