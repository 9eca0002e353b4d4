using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Rows of one head on their way between the tensors, where heads lie side by side, and scratch memory, where they follow each other in
/// whole vectors.
/// </summary>
internal static unsafe class AttentionCopies<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements rounded up to whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Whole(int count) => (count + S.Count - 1) / S.Count * S.Count;

    /// <summary>
    /// Rows in whole vectors: those of the tensor where they are whole and not read often, else a copy, because rows far apart push each
    /// other out of the cache.
    /// </summary>
    /// <param name="from">The first row.</param>
    /// <param name="stride">Elements from one to the next; afterwards, from one row of the result to the next.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">Elements of each.</param>
    /// <param name="often">Whether they are read many times.</param>
    /// <param name="copy">Memory for a copy.</param>
    public static T* Rows(T* from, ref nint stride, int rows, int columns, bool often, T* copy)
    {
        if (!often && columns % S.Count == 0)
            return from;
        Load(from, stride, rows, columns, copy);
        stride = Whole(columns);
        return copy;
    }

    /// <summary>Copies rows, with zeros behind them to the ends of vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Load(T* from, nint stride, int rows, int columns, T* to)
    {
        int whole = columns / S.Count * S.Count;
        int width = Whole(columns);
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < whole; i += S.Count)
                S.Store(S.Load(ref from[i]), ref to[i]);
            if (whole < columns)
                S.Store(S.LoadFirst(ref from[whole], columns - whole), ref to[whole]);
            from += stride;
            to += width;
        }
    }

    /// <summary>Copies rows of whole vectors back to a tensor, each times its factor, or as they are where there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(T* from, int rows, int columns, T* factors, T* to, nint stride)
    {
        int whole = columns / S.Count * S.Count;
        int width = Whole(columns);
        for (int row = 0; row < rows; row++)
        {
            V factor = S.Fill(factors == null ? T.One : factors[row]);
            for (int i = 0; i < whole; i += S.Count)
                S.Store(S.Multiply(S.Load(ref from[i]), factor), ref to[i]);
            if (whole < columns)
                S.StoreFirst(S.Multiply(S.Load(ref from[whole]), factor), ref to[whole], columns - whole);
            from += width;
            to += stride;
        }
    }

    /// <summary>Writes zeros.</summary>
    public static void Clear(T* to, nint stride, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
            new Span<T>(to + (row * stride), columns).Clear();
    }

    /// <summary>The transpose of rows of a tensor, [columns, rows], rows filled up with zeros to whole vectors.</summary>
    [SkipLocalsInit]
    public static void LoadTransposed(T* from, nint stride, int rows, int columns, T* to)
    {
        int width = Whole(rows);
        byte* memory = stackalloc byte[(2 * S.Count * S.Count * sizeof(T)) + Cache.LineBytes];
        T* between = Cache.Aligned<T>(memory);
        T* square = between + (S.Count * S.Count);
        for (int row = 0; row < rows; row += S.Count)
        {
            int height = Math.Min(S.Count, rows - row);
            T* band = from + (row * stride);
            T* column = to + row;
            for (int left = columns; left > 0; left -= S.Count)
            {
                if (height == S.Count && left >= S.Count)
                {
                    TransposeSquare(band, stride, between, column, width);
                }
                else
                {
                    for (int i = 0; i < height; i++)
                        S.Store(left >= S.Count ? S.Load(ref band[i * stride]) : S.LoadFirst(ref band[i * stride], left), ref square[i * S.Count]);
                    for (int i = height; i < S.Count; i++)
                        S.Store(S.Zero, ref square[i * S.Count]);
                    TransposeSquare(square, S.Count, between, column, width);
                }

                band += S.Count;
                column += S.Count * width;
            }
        }
    }

    // To interleave each row of the upper half with its partner of the lower half moves the leading bit of (row, column)
    // to the end. When all bits of the row have moved, row and column have changed places. Two such steps at a time stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeSquare(T* from, nint fromStride, T* between, T* to, nint toStride)
    {
        switch (S.Count)
        {
            case 16:
                TwoSteps(from, fromStride, between, S.Count);
                TwoSteps(between, S.Count, to, toStride);
                break;
            case 8:
                TwoSteps(from, fromStride, between, S.Count);
                OneStep(between, S.Count, to, toStride);
                break;
            case 4:
                TwoSteps(from, fromStride, to, toStride);
                break;
            default:
                OneStep(from, fromStride, to, toStride);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneStep(T* from, nint fromStride, T* to, nint toStride)
    {
        T* lower = from + (S.Count / 2 * fromStride);
        for (int i = 0; i < S.Count / 2; i++)
        {
            V a = S.Load(ref *from);
            V b = S.Load(ref *lower);
            S.Store(S.InterleaveLower(a, b), ref to[0]);
            S.Store(S.InterleaveUpper(a, b), ref to[toStride]);
            from += fromStride;
            lower += fromStride;
            to += 2 * toStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoSteps(T* from, nint fromStride, T* to, nint toStride)
    {
        nint quarter = S.Count / 4 * fromStride;
        for (int i = 0; i < S.Count / 4; i++)
        {
            V a = S.Load(ref from[0]);
            V b = S.Load(ref from[quarter]);
            V c = S.Load(ref from[2 * quarter]);
            V d = S.Load(ref from[3 * quarter]);
            V lowerAC = S.InterleaveLower(a, c);
            V upperAC = S.InterleaveUpper(a, c);
            V lowerBD = S.InterleaveLower(b, d);
            V upperBD = S.InterleaveUpper(b, d);
            S.Store(S.InterleaveLower(lowerAC, lowerBD), ref to[0]);
            S.Store(S.InterleaveUpper(lowerAC, lowerBD), ref to[toStride]);
            S.Store(S.InterleaveLower(upperAC, upperBD), ref to[2 * toStride]);
            S.Store(S.InterleaveUpper(upperAC, upperBD), ref to[3 * toStride]);
            from += fromStride;
            to += 4 * toStride;
        }
    }
}
