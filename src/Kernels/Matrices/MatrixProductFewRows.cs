using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// 9 to 64 rows times a transposed matrix: a step of decoding for a batch of sentences, with weights [out, in]. So few rows hardly pay for
/// copying B, so it is copied once, a panel at a time, and all rows are multiplied with the panel while it lies in a near cache. Threads share
/// the panels; an element is the same sum in the same order on any number of them.
/// </summary>
internal static unsafe class MatrixProductFewRows<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    // Fewer are dot products, see MatrixProductDots; of more, a block of C at a time is as fast.
    private const int FewestRows = 9;
    private const int MostRows = 64;

    // A panel as deep takes 192 KB, which a second-level cache holds.
    private const int MostDepth = 1024;
    private const long ParallelOperations = 500_000;

    /// <summary>Whether a product is of this kind.</summary>
    public static bool Suits(in MatrixProductProblem<T> problem) =>
        problem.Rows is >= FewestRows and <= MostRows && problem.Depth <= MostDepth && problem.Operations >= ParallelOperations
        && problem.AColumn == 1 && problem.BRow == 1 && problem.BColumn != 1;

    public static void Multiply(in MatrixProductProblem<T> problem)
    {
        var chunks = new Chunks(problem);
        Workers.Run(chunks.Count, chunks);
    }

    // A chunk is a panel.
    private readonly struct Chunks : IChunkBody
    {
        private readonly MatrixProductProblem<T> problem;
        private readonly int vectors;

        public Chunks(in MatrixProductProblem<T> problem)
        {
            // An even number of panels, none wider than a tile, so that two threads have as much to do.
            this.problem = problem;
            vectors = Parts(problem.Columns, S.Count);
            Count = Math.Min(vectors, 2 * Parts(vectors, 2 * MatrixProductTile<V, S, T>.Vectors));
        }

        public int Count { get; }

        public void Run(int chunk)
        {
            int firstColumn = FirstColumn(chunk);
            int columns = FirstColumn(chunk + 1) - firstColumn;
            int width = Parts(columns, S.Count) * S.Count;
            T* panel = MatrixProductBuffers<T>.OfB(width * problem.Depth);
            for (int j = 0; j < columns; j += S.Count)
            {
                MatrixProductTransposition<V, S, T>.Copy(
                    Column(firstColumn + j), problem.BColumn, problem.Depth, Math.Min(S.Count, columns - j), panel + j, width);
            }

            MatrixProductTile<V, S, T>.Operands tile = default;
            tile.ARow = problem.ARow;
            tile.AColumn = 1;
            tile.B = panel;
            tile.BRow = width;
            tile.CRow = problem.CRow;
            tile.StartRow = problem.Accumulate ? problem.CRow : 0;
            tile.Depth = problem.Depth;
            tile.FetchesC = true;

            // Weights lie far away: others were read since the last step. While this panel is multiplied, the one that this thread will probably
            // copy next comes nearer, with each step of the depth a line of it: in all, as many columns for a tile as a line has elements.
            int next = Math.Min(Count, chunk + Execution.ThreadCount);
            int ahead = FirstColumn(next);
            int endAhead = FirstColumn(Math.Min(Count, next + 1));
            int line = Cache.LineBytes / sizeof(T);
            int height = MatrixProductTile<V, S, T>.Rows;
            for (int i = 0; i < problem.Rows; i += height, ahead += line)
            {
                bool fetches = ahead < endAhead;
                tile.A = problem.A + (i * problem.ARow);
                tile.C = problem.C + (i * problem.CRow) + firstColumn;
                tile.Start = problem.Accumulate ? tile.C : problem.RowOfC == null ? null : problem.RowOfC + firstColumn;
                tile.Ahead = fetches ? Column(ahead) : tile.A;
                tile.AheadStep = fetches ? line : 0;
                MatrixProductTile<V, S, T>.Multiply(ref tile, Math.Min(height, problem.Rows - i), columns);
            }
        }

        private T* Column(int j) => problem.B + (j * problem.BColumn);

        private int FirstColumn(int panel) => (int)Math.Min(problem.Columns, (long)vectors * panel / Count * S.Count);

        private static int Parts(int total, int part) => (total + part - 1) / part;
    }
}
