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
    where T : unmanaged
{
    /// <summary>Elements rounded up to whole vectors.</summary>
    public static int Whole(int count) => (count + S.Count - 1) / S.Count * S.Count;

    /// <summary>Copies <paramref name="rows"/> rows of <paramref name="columns"/> elements and zeros behind them to the ends of vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Load(T* from, nint stride, int rows, int columns, T* to)
    {
        int whole = columns / S.Count * S.Count;
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < whole; i += S.Count)
                S.Store(S.Load(ref from[i]), ref to[i]);
            if (whole < columns)
                S.Store(S.LoadFirst(ref from[whole], columns - whole), ref to[whole]);
            from += stride;
            to += Whole(columns);
        }
    }

    /// <summary>The other way, times a factor.</summary>
    public static void Store(T* from, int rows, int columns, T factor, T* to, nint stride) => Store(from, rows, columns, &factor, 0, to, stride);

    /// <summary>The other way, each row times its own factor.</summary>
    public static void Store(T* from, int rows, int columns, T* factors, T* to, nint stride) => Store(from, rows, columns, factors, 1, to, stride);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(T* from, int rows, int columns, T* factors, nint factorStep, T* to, nint stride)
    {
        int whole = columns / S.Count * S.Count;
        for (int row = 0; row < rows; row++)
        {
            V factor = S.Fill(*factors);
            for (int i = 0; i < whole; i += S.Count)
                S.Store(S.Multiply(S.Load(ref from[i]), factor), ref to[i]);
            if (whole < columns)
                S.StoreFirst(S.Multiply(S.Load(ref from[whole]), factor), ref to[whole], columns - whole);
            from += Whole(columns);
            to += stride;
            factors += factorStep;
        }
    }

    /// <summary>Writes zeros.</summary>
    public static void Clear(T* to, nint stride, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
            new Span<T>(to + (row * stride), columns).Clear();
    }

    /// <summary>
    /// The transpose of a matrix of <paramref name="rows"/> (filled up with zeros to whole vectors) by <paramref name="columns"/>
    /// elements; both are multiples of a vector, and <paramref name="from"/> is written behind its rows.
    /// </summary>
    public static void Transpose(T* from, int rows, int columns, T* to)
    {
        int width = Whole(rows);
        new Span<T>(from + ((nint)rows * columns), (width - rows) * columns).Clear();
        for (int row = 0; row < width; row += S.Count)
        {
            for (int column = 0; column < columns; column += S.Count)
                TransposeSquare(from + ((nint)row * columns) + column, columns, to + ((nint)column * width) + row, width);
        }
    }

    // To interleave each row of the upper half with its partner of the lower half moves the leading bit of (row, column)
    // to the end. When all bits of the row have moved, row and column have changed places. Two such steps at a time stay in registers.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeSquare(T* from, nint fromStride, T* to, nint toStride)
    {
        byte* memory = stackalloc byte[(S.Count * S.Count * sizeof(T)) + 64];
        T* between = (T*)(((nuint)memory + 63) & ~(nuint)63); // a vector that lies across two cache lines is slow to store
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
