using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// 9 to 64 rows times a transposed matrix: a step of decoding for a batch of sentences, with weights [out, in]. So few rows hardly pay for
/// copying B, so it is copied once, a panel at a time, into the first-level cache, and all rows are multiplied with it there. Threads share
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

    // A panel as deep takes 192 KB.
    private const int MostDepth = 1024;
    private const long ParallelOperations = 500_000;
    private const int CacheLine = 64;

    /// <summary>Whether a product is of this kind.</summary>
    public static bool Suits(in MatrixProductProblem<T> problem) =>
        problem.Rows is >= FewestRows and <= MostRows && problem.Depth <= MostDepth && problem.Operations >= ParallelOperations
        && problem.AColumn == 1 && problem.BRow == 1 && problem.BColumn != 1;

    public static void Multiply(in MatrixProductProblem<T> problem)
    {
        var chunks = new Chunks(problem);
        Workers.Run(chunks.Count, chunks);
    }

    private readonly struct Chunks : IChunkBody
    {
        // Enough for threads that share them to finish nearly together; with more panels in one, the next is known and can be fetched.
        private const int EnoughChunks = 32;

        private readonly MatrixProductProblem<T> problem;
        private readonly int vectors;
        private readonly int panels;
        private readonly int panelsInChunk;

        public Chunks(in MatrixProductProblem<T> problem)
        {
            // An even number of panels, none wider than a tile, so that two threads have as much to do.
            this.problem = problem;
            vectors = Parts(problem.Columns, S.Count);
            panels = Math.Min(vectors, 2 * Parts(vectors, 2 * MatrixProductTile<V, S, T>.Vectors));
            panelsInChunk = Math.Max(1, panels / EnoughChunks);
        }

        public int Count => Parts(panels, panelsInChunk);

        public void Run(int chunk)
        {
            int end = Math.Min(panels, (chunk + 1) * panelsInChunk);
            for (int panel = chunk * panelsInChunk; panel < end; panel++)
                Multiply(FirstColumn(panel), FirstColumn(panel + 1), fetchesNext: panel + 1 < end);
        }

        private void Multiply(int firstColumn, int endColumn, bool fetchesNext)
        {
            int width = Parts(endColumn - firstColumn, S.Count) * S.Count;
            T* copy = MatrixProductBuffers<T>.OfB(width * problem.Depth);
            for (int j = firstColumn; j < endColumn; j += S.Count)
            {
                MatrixProductTransposition<V, S, T>.Copy(
                    problem.B + (j * problem.BColumn), problem.BColumn, problem.Depth, Math.Min(S.Count, endColumn - j), copy + (j - firstColumn), width);
            }

            MatrixProductTile<V, S, T>.Operands tile = default;
            tile.ARow = problem.ARow;
            tile.AColumn = 1;
            tile.B = copy;
            tile.BRow = width;
            tile.CRow = problem.CRow;
            tile.StartRow = problem.Accumulate ? problem.CRow : 0;
            tile.Depth = problem.Depth;
            tile.FetchesC = true;
            int height = MatrixProductTile<V, S, T>.Rows;
            int line = CacheLine / sizeof(T);
            int fetched = fetchesNext ? 0 : width;
            for (int i = 0; i < problem.Rows; i += height)
            {
                tile.A = problem.A + (i * problem.ARow);
                tile.C = problem.C + (i * problem.CRow) + firstColumn;
                tile.Start = problem.Accumulate ? tile.C : problem.RowOfC == null ? null : problem.RowOfC + firstColumn;

                // At each step of the depth a tile fetches a line of B: as many columns of the next panel as a line has elements.
                bool fetches = fetched < width;
                tile.Ahead = fetches ? problem.B + ((endColumn + fetched) * problem.BColumn) : tile.A;
                tile.AheadStep = fetches ? line : 0;
                fetched += line;
                MatrixProductTile<V, S, T>.Multiply(tile, Math.Min(height, problem.Rows - i), endColumn - firstColumn);
            }
        }

        private int FirstColumn(int panel) => (int)Math.Min(problem.Columns, (long)vectors * panel / panels * S.Count);

        private static int Parts(int total, int part) => (total + part - 1) / part;
    }
}
