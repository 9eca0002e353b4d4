using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Few rows times a transposed matrix: each element is the dot product of two stretches of memory, read as they lie. A step of decoding is
/// this (one row for each hypothesis, weights [out, in]), and copying B into panels would cost more than the product.
/// </summary>
internal static unsafe class MatrixProductDots<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    private const int MostRows = 8;
    private const int ColumnsInChunk = 64;
    private const long ParallelOperations = 500_000;

    /// <summary>Whether a product is of this kind.</summary>
    public static bool Suits(in MatrixProductProblem<T> problem) =>
        problem.Rows <= MostRows && problem.AColumn == 1 && problem.BRow == 1 && problem.BColumn != 1;

    public static void Multiply(in MatrixProductProblem<T> problem)
    {
        var chunks = new Chunks(problem);
        int count = (problem.Columns + ColumnsInChunk - 1) / ColumnsInChunk;
        if (problem.Operations >= ParallelOperations)
        {
            Workers.Run(count, chunks);
            return;
        }
        for (int chunk = 0; chunk < count; chunk++)
            chunks.Run(chunk);
    }

    private readonly struct Chunks(MatrixProductProblem<T> problem) : IChunkBody
    {
        public void Run(int chunk)
        {
            int end = Math.Min(problem.Columns, (chunk + 1) * ColumnsInChunk);
            int j = chunk * ColumnsInChunk;
            for (; j <= end - 4; j += 4)
            {
                // B's four columns stay in the first-level cache for the other rows.
                for (int i = 0; i < problem.Rows; i++)
                    FourDots(problem.A + (i * problem.ARow), problem.B + (j * problem.BColumn), problem.BColumn, problem.Depth, problem.C + (i * problem.CRow) + j, Start(i, j));
            }
            for (; j < end; j++)
            {
                for (int i = 0; i < problem.Rows; i++)
                    OneDot(problem.A + (i * problem.ARow), problem.B + (j * problem.BColumn), problem.Depth, problem.C + (i * problem.CRow) + j, Start(i, j));
            }
        }

        private T* Start(int i, int j) =>
            problem.Accumulate ? problem.C + (i * problem.CRow) + j : problem.RowOfC == null ? null : problem.RowOfC + j;
    }

    // Four sums at a time, because one alone would wait for its own last addition.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourDots(T* a, T* b, nint stride, int depth, T* c, T* start)
    {
        V sum0 = S.Zero, sum1 = S.Zero, sum2 = S.Zero, sum3 = S.Zero;
        T* b1 = b + stride;
        T* b2 = b1 + stride;
        T* b3 = b2 + stride;
        int p = 0;
        for (; p <= depth - S.Count; p += S.Count)
        {
            V x = S.Load(ref a[p]);
            sum0 = S.MultiplyAdd(x, S.Load(ref b[p]), sum0);
            sum1 = S.MultiplyAdd(x, S.Load(ref b1[p]), sum1);
            sum2 = S.MultiplyAdd(x, S.Load(ref b2[p]), sum2);
            sum3 = S.MultiplyAdd(x, S.Load(ref b3[p]), sum3);
        }
        if (p < depth)
        {
            V x = S.LoadFirst(ref a[p], depth - p);
            sum0 = S.MultiplyAdd(x, S.LoadFirst(ref b[p], depth - p), sum0);
            sum1 = S.MultiplyAdd(x, S.LoadFirst(ref b1[p], depth - p), sum1);
            sum2 = S.MultiplyAdd(x, S.LoadFirst(ref b2[p], depth - p), sum2);
            sum3 = S.MultiplyAdd(x, S.LoadFirst(ref b3[p], depth - p), sum3);
        }
        Store(sum0, 0, c, start);
        Store(sum1, 1, c, start);
        Store(sum2, 2, c, start);
        Store(sum3, 3, c, start);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneDot(T* a, T* b, int depth, T* c, T* start)
    {
        V sum = S.Zero;
        int p = 0;
        for (; p <= depth - S.Count; p += S.Count)
            sum = S.MultiplyAdd(S.Load(ref a[p]), S.Load(ref b[p]), sum);
        if (p < depth)
            sum = S.MultiplyAdd(S.LoadFirst(ref a[p], depth - p), S.LoadFirst(ref b[p], depth - p), sum);
        Store(sum, 0, c, start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V sum, int j, T* c, T* start)
    {
        T total = S.Sum(sum);
        c[j] = start == null ? total : Scalar.Add(start[j], total);
    }
}
