using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Cuts C into blocks, which threads claim: one fork and join for a product, whatever its sizes. An element is the same sum
/// in the same order in any block.
/// </summary>
internal static unsafe class MatrixProductBlocks<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    // A stretch of B as wide as a block, 288 columns, takes 288 KB of the second-level cache.
    private const int MostRows = 1024;
    private const int MostPanels = 6;

    // Threads that share eight equal blocks finish together; smaller blocks copy and fetch more for each operation.
    private const int EnoughBlocks = 8;
    private const long SmallBlock = 1_500_000;
    private const int PanelsToShare = 4;
    private const long ParallelOperations = 500_000;

    public static void Multiply(in MatrixProductProblem<T> problem)
    {
        if (problem.Rows == 0 || problem.Columns == 0)
            return;
        if (problem.Depth == 0)
        {
            StoreStart(problem);
            return;
        }

        if (MatrixProductDots<V, S, T>.Suits(problem))
        {
            MatrixProductDots<V, S, T>.Multiply(problem);
            return;
        }

        if (problem.Operations < ParallelOperations)
        {
            MatrixProductBlock<V, S, T>.Multiply(problem, 0, problem.Rows, 0, problem.Columns);
            return;
        }
        var blocks = new Blocks(problem);
        Workers.Run(blocks.Count, blocks);
    }

    // Sums without terms leave what they start from.
    private static void StoreStart(in MatrixProductProblem<T> problem)
    {
        for (int i = 0; i < problem.Rows && !problem.Accumulate; i++)
        {
            var row = new Span<T>(problem.C + (i * problem.CRow), problem.Columns);
            if (problem.RowOfC == null)
                row.Clear();
            else
                new ReadOnlySpan<T>(problem.RowOfC, problem.Columns).CopyTo(row);
        }
    }

    private readonly struct Blocks : IChunkBody
    {
        private readonly MatrixProductProblem<T> problem;
        private readonly int rows;
        private readonly int columns;
        private readonly int rowBlocks;

        public Blocks(in MatrixProductProblem<T> problem)
        {
            this.problem = problem;
            int height = MatrixProductTile<V, S, T>.Rows;
            int width = MatrixProductPanels<V, S, T>.Width;
            rows = EqualPart(problem.Rows, MostRows, height);
            columns = EqualPart(problem.Columns, MostPanels * width, width);

            // Columns first, because every block copies its own part of B.
            int enough = Execution.ThreadCount == 1 ? 1 : EnoughBlocks;
            while (Count < enough && 2L * rows * columns * problem.Depth >= 2 * SmallBlock)
            {
                if (columns >= PanelsToShare * width)
                    columns = EqualPart(problem.Columns, (columns + 1) / 2, width);
                else if (rows > height)
                    rows = EqualPart(problem.Rows, (rows + 1) / 2, height);
                else
                    break;
            }
            rowBlocks = Parts(problem.Rows, rows);
        }

        public int Count => Parts(problem.Rows, rows) * Parts(problem.Columns, columns);

        public void Run(int chunk)
        {
            (int columnBlock, int rowBlock) = Math.DivRem(chunk, rowBlocks);
            MatrixProductBlock<V, S, T>.Multiply(
                problem,
                rowBlock * rows, Math.Min(problem.Rows, (rowBlock + 1) * rows),
                columnBlock * columns, Math.Min(problem.Columns, (columnBlock + 1) * columns));
        }

        private static int Parts(int total, int part) => (total + part - 1) / part;

        // Equal parts end without a narrow last one.
        private static int EqualPart(int total, int most, int multiple)
        {
            int part = Parts(total, Parts(total, most));
            return Parts(part, multiple) * multiple;
        }
    }
}
