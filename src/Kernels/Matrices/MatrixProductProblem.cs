using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// One matrix product C[rows, columns] = (C or a row of it +) A[rows, depth] · B[depth, columns] over pinned memory. Element (i, p) of A
/// lies at i·ARow + p·AColumn, of B alike, so that a transposed matrix is one with its strides swapped.
/// </summary>
internal readonly unsafe struct MatrixProductProblem<T>
    where T : unmanaged
{
    private const long LastLevelCache = 64 << 20;
    private const int MostDepthOfStreams = 64; // with more, the product itself takes longer than what it writes

    public required T* A { get; init; }

    public required nint ARow { get; init; }

    public required nint AColumn { get; init; }

    public required T* B { get; init; }

    public required nint BRow { get; init; }

    public required nint BColumn { get; init; }

    public required T* C { get; init; }

    public required nint CRow { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int Depth { get; init; }

    /// <summary>Whether the product is added to what C holds.</summary>
    public required bool Accumulate { get; init; }

    /// <summary>A row that the product is added to in every row of C, or null; not together with <see cref="Accumulate"/>.</summary>
    public T* RowOfC { get; init; }

    /// <summary>
    /// Whether C goes to memory past the caches: where it is larger than they are, to write a line would first read it. Rows of C start as
    /// far from a cache line's start as each other.
    /// </summary>
    public bool Streams { get; init; }

    /// <summary>Floating-point operations: one multiplication and one addition for each term.</summary>
    public long Operations => 2L * Rows * Columns * Depth;

    /// <summary>The same product of other matrices, which start this many elements behind these.</summary>
    public MatrixProductProblem<T> At(long a, long b, long c) =>
        new()
        {
            A = A + a,
            ARow = ARow,
            AColumn = AColumn,
            B = B + b,
            BRow = BRow,
            BColumn = BColumn,
            C = C + c,
            CRow = CRow,
            Rows = Rows,
            Columns = Columns,
            Depth = Depth,
            Accumulate = Accumulate,
            RowOfC = RowOfC,
            Streams = Streams,
        };

    /// <summary>The part of the product that makes some columns of C.</summary>
    public MatrixProductProblem<T> WithColumns(int first, int count, bool streams) =>
        new()
        {
            A = A,
            ARow = ARow,
            AColumn = AColumn,
            B = B + (first * BColumn),
            BRow = BRow,
            BColumn = BColumn,
            C = C + first,
            CRow = CRow,
            Rows = Rows,
            Columns = count,
            Depth = Depth,
            Accumulate = Accumulate,
            RowOfC = RowOfC == null ? null : RowOfC + first,
            Streams = streams,
        };

    /// <summary>Whether <see cref="Streams"/> pays for so many products: overwritten, at once, and larger than a last-level cache.</summary>
    public static bool PaysToStream(long products, int rows, int columns, int depth, nint rowStride, bool accumulate) =>
        !accumulate && depth <= MostDepthOfStreams && rowStride * sizeof(T) % Cache.LineBytes == 0 && products * rows * columns * sizeof(T) > LastLevelCache;
}
