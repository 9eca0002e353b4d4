using System.Numerics;
using System.Runtime.Intrinsics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Products of matrices, C = A · B: one, or a batch of them. Each element of C is the same sum in the same order on any
/// number of threads. The path to the machine: <see cref="MatrixProductBlocks{V, S, T}"/> cuts C into blocks for
/// the threads, <see cref="MatrixProductBlock{V, S, T}"/> computes one in pieces that stay in the caches and copies B into panels where that pays,
/// <see cref="MatrixProductTile{V, S, T}"/> computes a tile in registers; <see cref="MatrixProductPlain"/> is three loops.
/// </summary>
public static unsafe class MatrixProduct
{
    /// <summary>
    /// C = op(A) · op(B), or C += op(A) · op(B), over row-major matrices. Where the depth <paramref name="k"/> is 0 the
    /// product is 0.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="a">A [m, k], or [k, m] where <paramref name="transposeA"/>.</param>
    /// <param name="transposeA">Whether A is given as its transpose.</param>
    /// <param name="b">B [k, n], or [n, k] where <paramref name="transposeB"/>.</param>
    /// <param name="transposeB">Whether B is given as its transpose.</param>
    /// <param name="c">C [m, n], apart from A and B in memory.</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Terms of each sum.</param>
    /// <param name="accumulate">Adds to C instead of overwriting it.</param>
    /// <exception cref="ArgumentException">A span does not have the length that the sizes ask for, or C overlaps an input.</exception>
    public static void Multiply<T>(
        ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, int m, int n, int k, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixProductChecks.Sizes(a.Length, b.Length, c.Length, m, n, k);
        MatrixProductChecks.Apart(a, b, c);
        fixed (T* pa = a, pb = b, pc = c)
            Multiply(Dense(pa, transposeA, pb, transposeB, pc, m, n, k, accumulate, null));
    }

    /// <summary>C = op(A) · op(B) + a row that is added to each row of C: a linear layer with its bias.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="a">A [m, k], or [k, m] where <paramref name="transposeA"/>.</param>
    /// <param name="transposeA">Whether A is given as its transpose.</param>
    /// <param name="b">B [k, n], or [n, k] where <paramref name="transposeB"/>.</param>
    /// <param name="transposeB">Whether B is given as its transpose.</param>
    /// <param name="c">C [m, n], apart from A, B and the row in memory; overwritten.</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Terms of each sum.</param>
    /// <param name="rowOfC">The row [n].</param>
    /// <exception cref="ArgumentException">A span does not have the length that the sizes ask for, or C overlaps an input.</exception>
    public static void Multiply<T>(
        ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, int m, int n, int k, ReadOnlySpan<T> rowOfC)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixProductChecks.Sizes(a.Length, b.Length, c.Length, m, n, k);
        MatrixProductChecks.Apart(a, b, c);
        MatrixProductChecks.Row(rowOfC, c, m, n, k);
        fixed (T* pa = a, pb = b, pc = c, row = rowOfC)
            Multiply(Dense(pa, transposeA, pb, transposeB, pc, m, n, k, false, row));
    }

    /// <summary>
    /// C = op(A) · op(B), or C += op(A) · op(B), for each of <paramref name="outer"/> · <paramref name="inner"/> matrices,
    /// which lie in the spans as their layouts say.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="a">The matrices A [m, k], or [k, m] where the layout says transposed.</param>
    /// <param name="layoutA">Where they lie.</param>
    /// <param name="b">The matrices B [k, n], or [n, k] where the layout says transposed.</param>
    /// <param name="layoutB">Where they lie.</param>
    /// <param name="c">The matrices C [m, n], apart from each other and from A and B.</param>
    /// <param name="layoutC">Where they lie; neither transposed nor repeated.</param>
    /// <param name="outer">Matrices along the outer index.</param>
    /// <param name="inner">Matrices along the inner index, for each outer one.</param>
    /// <param name="m">Rows of each C.</param>
    /// <param name="n">Columns of each C.</param>
    /// <param name="k">Terms of each sum.</param>
    /// <param name="accumulate">Adds to C instead of overwriting it.</param>
    /// <exception cref="ArgumentException">A layout reaches beyond its span, has rows that overlap, or is none for an output; or C overlaps an input.</exception>
    public static void MultiplyBatched<T>(
        ReadOnlySpan<T> a, MatrixBatch layoutA, ReadOnlySpan<T> b, MatrixBatch layoutB, Span<T> c, MatrixBatch layoutC,
        int outer, int inner, int m, int n, int k, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixProductChecks.Layout("A", a.Length, layoutA, outer, inner, m, k);
        MatrixProductChecks.Layout("B", b.Length, layoutB, outer, inner, k, n);
        MatrixProductChecks.Layout("C", c.Length, layoutC, outer, inner, m, n);
        MatrixProductChecks.Output(layoutC, outer, inner, m, n);
        MatrixProductChecks.Apart(a, b, c);
        fixed (T* pa = a, pb = b, pc = c)
        {
            var first = new MatrixProductProblem<T>
            {
                A = pa,
                ARow = layoutA.Transposed ? 1 : layoutA.RowStride,
                AColumn = layoutA.Transposed ? layoutA.RowStride : 1,
                B = pb,
                BRow = layoutB.Transposed ? 1 : layoutB.RowStride,
                BColumn = layoutB.Transposed ? layoutB.RowStride : 1,
                C = pc,
                CRow = layoutC.RowStride,
                Rows = m,
                Columns = n,
                Depth = k,
                Accumulate = accumulate,
                Streams = MatrixProductProblem<T>.PaysToStream((long)outer * inner, m, n, k, layoutC.RowStride, accumulate),
            };
            BatchedProduct.Multiply(first, layoutA, layoutB, layoutC, outer, inner);
        }
    }

    private static MatrixProductProblem<T> Dense<T>(
        T* a, bool transposeA, T* b, bool transposeB, T* c, int m, int n, int k, bool accumulate, T* rowOfC)
        where T : unmanaged =>
        new()
        {
            A = a,
            ARow = transposeA ? 1 : k,
            AColumn = transposeA ? m : 1,
            B = b,
            BRow = transposeB ? 1 : n,
            BColumn = transposeB ? k : 1,
            C = c,
            CRow = n,
            Rows = m,
            Columns = n,
            Depth = k,
            Accumulate = accumulate,
            RowOfC = rowOfC,
            Streams = MatrixProductProblem<T>.PaysToStream(1, m, n, k, n, accumulate),
        };

    internal static void Multiply<T>(in MatrixProductProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Execution.Plain)
            MatrixProductPlain.Multiply(problem);
        else if (Execution.VectorBits == 512)
            MatrixProductBlocks<Vector512<T>, Simd512<T>, T>.Multiply(problem);
        else if (Execution.VectorBits == 256)
            MatrixProductBlocks<Vector256<T>, Simd256<T>, T>.Multiply(problem);
        else
            MatrixProductBlocks<Vector128<T>, Simd128<T>, T>.Multiply(problem);
    }
}
