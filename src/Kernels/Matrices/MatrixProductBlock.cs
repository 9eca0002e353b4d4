using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Computes one block of C in pieces that stay in the caches (after Goto and van de Geijn 2008, "Anatomy of high-performance
/// matrix multiplication"): a stretch of the depth at a time, and in it tile after tile. A is read where it lies, transposed or
/// not; B as well, unless a copy in panels pays.
/// </summary>
/// <remarks>
/// Tiles run at 97 % of the machine's peak where A and B are in the caches, so what is left to win is memory: each tile fetches, while it
/// computes, what a later one will need. For weight gradients (A transposed, the depth is the tokens) that brought more than any
/// copy of A: 84 → 110 of 118 GFLOP/s.
/// </remarks>
internal static unsafe class MatrixProductBlock<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    // From 192 to 384 makes no difference. Shorter stretches read and write C too often; of longer ones the cache cannot hold B.
    private const int MostDepth = 256;

    // Of columns that make one vector the second-level cache holds more, and A is then read once, row after row.
    private const int MostDepthOfOneVector = 2048;

    // To copy an element of B takes as long as to multiply it with some 8 rows, 20 where it comes from afar.
    private const int RowsThatPayCopy = 64;
    private const int PanelsThatPayCopy = 4;

    // Tiles one below the other that are computed in one go: their A stays in the second-level cache for the other panels. Of a transposed
    // A, as many as share its cache lines.
    private const int TilesInStrip = 8;
    private const int TilesInLine = 2;

    private const int FirstLevelCache = 32_768;

    public static void Multiply(in MatrixProductProblem<T> problem, int firstRow, int endRow, int firstColumn, int endColumn)
    {
        // Of the whole problem, not of this block: how it is cut into blocks may depend on the number of threads, and sums must not.
        int most = problem.Columns <= S.Count && problem.AColumn == 1 ? MostDepthOfOneVector : MostDepth;
        int mostDepth = problem.Depth;
        if (mostDepth > most)
        {
            int stretches = (problem.Depth + most - 1) / most;
            mostDepth = (problem.Depth + stretches - 1) / stretches;
        }
        int rows = endRow - firstRow;
        int columns = endColumn - firstColumn;
        int width = MatrixProductPanels<V, S, T>.Width;
        int panels = (columns + width - 1) / width;
        bool copy = problem.BColumn != 1 || (rows >= RowsThatPayCopy && panels >= PanelsThatPayCopy);

        // B is read where it lies, but for a last panel that is not made of whole vectors.
        int inPlace = copy ? 0 : columns % S.Count == 0 ? panels : panels - 1;
        T* copies = inPlace == panels ? null : MatrixProductBuffers<T>.OfB((panels - inPlace) * width * mostDepth);
        for (int start = 0; start < problem.Depth; start += mostDepth)
        {
            var stretch = new Stretch
            {
                A = problem.A + (firstRow * problem.ARow) + (start * problem.AColumn),
                B = problem.B + (firstColumn * problem.BColumn) + (start * problem.BRow),
                C = problem.C + (firstRow * problem.CRow) + firstColumn,
                RowOfC = problem.RowOfC == null ? null : problem.RowOfC + firstColumn,
                Rows = rows,
                Columns = columns,
                Depth = Math.Min(mostDepth, problem.Depth - start),
                Copies = copies,
                InPlace = inPlace,
                AddsToC = problem.Accumulate || start > 0,
                IsLast = start + mostDepth >= problem.Depth,
            };
            stretch.Multiply(problem);
        }
        if (problem.Streams)
            Cache.FinishStreams();
    }

    /// <summary>A block of C and the stretch of the depth that is added to it.</summary>
    private ref struct Stretch
    {
        public T* A;
        public T* B;
        public T* C;
        public T* RowOfC;
        public int Rows;
        public int Columns;
        public int Depth;
        public T* Copies;
        public int InPlace;
        public bool AddsToC;
        public bool IsLast;

        public readonly void Multiply(in MatrixProductProblem<T> problem)
        {
            int height = MatrixProductTile<V, S, T>.Rows;
            int width = MatrixProductPanels<V, S, T>.Width;
            int panels = (Columns + width - 1) / width;
            if (InPlace < panels)
            {
                int first = InPlace * width;
                MatrixProductPanels<V, S, T>.Copy(B + (first * problem.BColumn), problem.BRow, problem.BColumn, Depth, Columns - first, Copies);
            }

            MatrixProductTile<V, S, T>.Operands tile = default;
            tile.ARow = problem.ARow;
            tile.AColumn = problem.AColumn;
            tile.CRow = problem.CRow;
            tile.StartRow = AddsToC ? problem.CRow : 0;
            tile.Depth = Depth;
            tile.Streams = problem.Streams;
            tile.FetchesC = !problem.Streams && (long)problem.Rows * problem.Columns * sizeof(T) > FirstLevelCache;
            int tiles = 0;
            int most = panels == 1 ? Rows : (problem.AColumn == 1 ? TilesInStrip : TilesInLine) * height;
            for (int i = 0; i < Rows; i += most)
            {
                int count = Math.Min(most, Rows - i);
                for (int panel = 0; panel < panels; panel++)
                {
                    int column = panel * width;
                    tile.A = A + (i * problem.ARow);
                    tile.B = panel < InPlace ? B + column : Copies + ((nint)(panel - InPlace) * width * Depth);
                    tile.BRow = panel < InPlace ? problem.BRow : width;
                    tile.C = C + (i * problem.CRow) + column;
                    tile.Start = AddsToC ? tile.C : RowOfC == null ? null : RowOfC + column;
                    LookAhead(problem, ref tile, panel, tiles);
                    MatrixProductTile<V, S, T>.Multiply(ref tile, count, Math.Min(width, Columns - column));
                    tiles += panel > 0 ? count / height : 0;
                }
            }
        }

        // Of a transposed A, the next tiles' rows lie in the next cache line of each step of the depth. The first panel's tile fetches
        // that; the other tiles fetch, line after line, B of the next stretch.
        private readonly void LookAhead(in MatrixProductProblem<T> problem, ref MatrixProductTile<V, S, T>.Operands tile, int panel, int tiles)
        {
            int line = Cache.LineBytes / sizeof(T);
            bool isFar = (long)Rows * Depth * sizeof(T) > FirstLevelCache;
            tile.AheadTile = 0;
            if (panel == 0 && problem.AColumn != 1 && isFar)
            {
                tile.Ahead = tile.A + line;
                tile.AheadStep = problem.AColumn;
                tile.AheadTile = MatrixProductTile<V, S, T>.Rows;
            }
            else if (panel > 0 && problem.BColumn == 1 && !IsLast && tiles * line < Columns)
            {
                tile.Ahead = B + (Depth * problem.BRow) + (tiles * line);
                tile.AheadStep = problem.BRow;
                tile.AheadTile = line;
            }
            else if (panel == 0 && problem.ARow == Depth && isFar)
            {
                // The next tile's rows follow this one's.
                int height = MatrixProductTile<V, S, T>.Rows;
                tile.Ahead = tile.A + (height * problem.ARow);
                tile.AheadStep = height;
                tile.AheadTile = height * problem.ARow;
            }
            else
            {
                tile.Ahead = tile.A;
                tile.AheadStep = 0;
            }
        }
    }
}
