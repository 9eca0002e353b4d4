using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Writes the transpose of a strip of a matrix: squares of as many rows and columns as a vector has elements, in registers.
/// </summary>
/// <remarks>
/// To interleave each row of the upper half of a square with its partner of the lower half moves the leading bit of
/// (row, column) to the end. Repeated until all bits of the row have moved, row and column have changed places. Two such
/// passes at a time touch only four rows, a quarter of the square apart, so that 16 × 16 elements go through memory once between.
/// </remarks>
internal static unsafe class MatrixProductTransposition<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    private const int CacheLine = 64; // a vector that lies across two cache lines is slow to store

    /// <summary>
    /// Element (p, j) of the destination becomes element (j, p) of the source, for <paramref name="depth"/> p and
    /// <paramref name="columns"/> j, at most one vector of them; up to a whole vector, the destination's rows are filled with zeros.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(T* source, nint sourceRow, int depth, int columns, T* destination, int destinationRow)
    {
        byte* memory = stackalloc byte[(2 * S.Count * S.Count * sizeof(T)) + CacheLine];
        T* between = (T*)(((nuint)memory + CacheLine - 1) & ~(nuint)(CacheLine - 1));
        T* square = between + (S.Count * S.Count);
        for (; depth > 0; depth -= S.Count)
        {
            if (depth >= S.Count && columns == S.Count)
            {
                Square(source, sourceRow, between, destination, destinationRow);
            }
            else
            {
                int count = Math.Min(depth, S.Count);
                for (int j = 0; j < S.Count; j++)
                    S.Store(j < columns ? S.LoadFirst(ref source[j * sourceRow], count) : S.Zero, ref square[j * S.Count]);
                Square(square, S.Count, between, square, S.Count);
                for (int p = 0; p < count; p++)
                    S.Store(S.Load(ref square[p * S.Count]), ref destination[p * destinationRow]);
            }
            source += S.Count;
            destination += S.Count * destinationRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(T* source, nint sourceRow, T* between, T* destination, nint destinationRow)
    {
        switch (S.Count)
        {
            case 2:
                OnePass(source, sourceRow, destination, destinationRow);
                break;
            case 4:
                TwoPasses(source, sourceRow, destination, destinationRow);
                break;
            case 8:
                TwoPasses(source, sourceRow, between, S.Count);
                OnePass(between, S.Count, destination, destinationRow);
                break;
            case 16:
                TwoPasses(source, sourceRow, between, S.Count);
                TwoPasses(between, S.Count, destination, destinationRow);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OnePass(T* source, nint sourceRow, T* destination, nint destinationRow)
    {
        T* lower = source + (S.Count / 2 * sourceRow);
        for (int i = 0; i < S.Count / 2; i++)
        {
            V x = S.Load(ref *source), y = S.Load(ref *lower);
            S.Store(S.InterleaveLower(x, y), ref *destination);
            S.Store(S.InterleaveUpper(x, y), ref destination[destinationRow]);
            source += sourceRow;
            lower += sourceRow;
            destination += 2 * destinationRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoPasses(T* source, nint sourceRow, T* destination, nint destinationRow)
    {
        nint quarter = S.Count / 4 * sourceRow;
        T* lower = source + (2 * quarter);
        for (int i = 0; i < S.Count / 4; i++)
        {
            V x0 = S.Load(ref *source), x1 = S.Load(ref source[quarter]);
            V x2 = S.Load(ref *lower), x3 = S.Load(ref lower[quarter]);
            V y0 = S.InterleaveLower(x0, x2), y1 = S.InterleaveUpper(x0, x2);
            V y2 = S.InterleaveLower(x1, x3), y3 = S.InterleaveUpper(x1, x3);
            S.Store(S.InterleaveLower(y0, y2), ref *destination);
            S.Store(S.InterleaveUpper(y0, y2), ref destination[destinationRow]);
            destination += 2 * destinationRow;
            S.Store(S.InterleaveLower(y1, y3), ref *destination);
            S.Store(S.InterleaveUpper(y1, y3), ref destination[destinationRow]);
            destination += 2 * destinationRow;
            source += sourceRow;
            lower += sourceRow;
        }
    }
}
