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

    // Threads that share six blocks or more finish nearly together; smaller blocks copy and fetch more for each operation.
    private const int EnoughBlocks = 6;
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

        if (MatrixProductFewRows<V, S, T>.Suits(problem))
        {
            MatrixProductFewRows<V, S, T>.Multiply(problem);
            return;
        }

        if (LeadingColumns(problem) is > 0 and int leading)
        {
            Multiply(problem.WithColumns(0, leading, streams: false));
            Multiply(problem.WithColumns(leading, problem.Columns - leading, streams: true));
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

    // Columns of C before the first cache line that is C's alone: from there on whole lines can go to memory.
    private static int LeadingColumns(in MatrixProductProblem<T> problem)
    {
        if (!problem.Streams)
            return 0;
        if ((nint)problem.C % sizeof(T) != 0)
            return problem.Columns; // no element starts a cache line
        return Math.Min(problem.Columns, (int)(-(nint)problem.C & (Cache.LineBytes - 1)) / sizeof(T));
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
        private readonly int tiles;
        private readonly int panels;
        private readonly int rowBlocks;
        private readonly int columnBlocks;

        public Blocks(in MatrixProductProblem<T> problem)
        {
            this.problem = problem;
            tiles = Parts(problem.Rows, Height);
            panels = Parts(problem.Columns, Width);
            rowBlocks = Parts(problem.Rows, MostRows);
            columnBlocks = Parts(panels, MostPanels);

            // Every block copies its own part of a transposed B: blocks of all rows and few columns copy it once. Where there are only few
            // panels, two blocks of rows at least, so that two threads share a last panel that is narrower. One thread alone need not
            // share, and gets the same bits from larger blocks.
            bool transposed = problem.BColumn != 1;
            int enough = Execution.ThreadCount == 1 ? 1 : EnoughBlocks;
            while (Count < enough && problem.Operations >= 2 * SmallBlock * Count)
            {
                if (transposed && panels < EnoughBlocks && rowBlocks == 1 && tiles > 1)
                    rowBlocks = 2;
                else if (transposed ? panels > columnBlocks : panels >= PanelsToShare * columnBlocks)
                    columnBlocks = Math.Min(panels, 2 * columnBlocks);
                else if (tiles > rowBlocks)
                    rowBlocks = Math.Min(tiles, 2 * rowBlocks);
                else
                    break;
            }
            columnBlocks = Parts(panels, Parts(panels, columnBlocks)); // 12 panels in 6 blocks, not in 8 that are unequal
        }

        public int Count => rowBlocks * columnBlocks;

        private static int Height => MatrixProductTile<V, S, T>.Rows;

        private static int Width => MatrixProductPanels<V, S, T>.Width;

        public void Run(int chunk)
        {
            (int columnBlock, int rowBlock) = Math.DivRem(chunk, rowBlocks);
            MatrixProductBlock<V, S, T>.Multiply(
                problem, FirstRow(rowBlock), FirstRow(rowBlock + 1), FirstColumn(columnBlock), FirstColumn(columnBlock + 1));
        }

        // Whole tiles, as many in each block as in any other, or one more
        private int FirstRow(int block) => (int)Math.Min(problem.Rows, (long)tiles * block / rowBlocks * Height);

        private int FirstColumn(int block) => (int)Math.Min(problem.Columns, (long)panels * block / columnBlocks * Width);

        private static int Parts(int total, int part) => (total + part - 1) / part;
    }
}
