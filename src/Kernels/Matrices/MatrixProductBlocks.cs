using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Cuts a product into pieces that stay in the caches (after Goto and van de Geijn 2008, "Anatomy of high-performance matrix
/// multiplication"): a stretch of the depth at a time, B of that stretch copied into panels where that pays, and C in blocks
/// of some tiles, which are the chunks that threads claim. How it is cut depends on the sizes alone.
/// </summary>
internal static unsafe class MatrixProductBlocks<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    // A stretch of B, one full tile wide, and of A, one full tile high, are 48 and 8 KB: together they stay in the second
    // level cache and the latter in the first.
    private const int DepthStretch = 256;
    private const int RowsInBlock = 64;
    private const int PanelsInBlock = 10;
    private const int PanelsInSlab = 64;

    private const long ParallelOperations = 500_000;

    private static int Width => MatrixProductPanels<V, S, T>.Width;

    public static void Multiply(in MatrixProductProblem<T> problem)
    {
        if (problem.Rows == 0 || problem.Columns == 0)
            return;
        if (problem.Depth == 0)
        {
            if (!problem.Accumulate)
                Clear(problem);
            return;
        }

        if (MatrixProductDots<V, S, T>.Suits(problem))
        {
            MatrixProductDots<V, S, T>.Multiply(problem);
            return;
        }

        bool copyB = problem.BColumn != 1 || (problem.Rows >= 64 && problem.Columns > 4 * Width);
        int panels = (problem.Columns + Width - 1) / Width;
        int slab = copyB ? Math.Min(panels, PanelsInSlab) : panels;
        for (int panel = 0; panel < panels; panel += slab)
        {
            for (int start = 0; start < problem.Depth; start += DepthStretch)
                MultiplySlab(problem, panel, Math.Min(slab, panels - panel), start, copyB);
        }
    }

    private static void MultiplySlab(in MatrixProductProblem<T> problem, int firstPanel, int panels, int start, bool copyB)
    {
        int depth = Math.Min(DepthStretch, problem.Depth - start);
        int firstColumn = firstPanel * Width;
        int columns = Math.Min(panels * Width, problem.Columns - firstColumn);

        // B is read where it lies, but for a last panel that is not made of whole vectors.
        int inPlace = copyB ? 0 : columns % S.Count == 0 ? panels : panels - 1;
        T[] copies = inPlace < panels ? MatrixProductBuffers<T>.OfB((panels - inPlace) * Width * depth) : [];
        fixed (T* copy = copies)
        {
            var slab = new Slab
            {
                A = problem.A + (start * problem.AColumn),
                ARow = problem.ARow,
                AColumn = problem.AColumn,
                B = problem.B + (start * problem.BRow) + (firstColumn * problem.BColumn),
                BRow = problem.BRow,
                BColumn = problem.BColumn,
                C = problem.C + firstColumn,
                CRow = problem.CRow,
                Copy = copy,
                InPlace = inPlace,
                Rows = problem.Rows,
                Columns = columns,
                Depth = depth,
                Accumulate = problem.Accumulate || start > 0,
                CopyA = columns > Width && problem.AColumn != 1,
                RowsInBlock = RowsInBlock,
                PanelsInBlock = Math.Min(panels, PanelsInBlock),
            };
            slab.ShrinkBlocks(panels);
            int rowBlocks = (slab.Rows + slab.RowsInBlock - 1) / slab.RowsInBlock;
            int columnBlocks = (panels + slab.PanelsInBlock - 1) / slab.PanelsInBlock;
            int toCopy = panels - inPlace;
            if (2L * slab.Rows * columns * depth < ParallelOperations)
            {
                for (int panel = 0; panel < toCopy; panel++)
                    slab.CopyPanel(inPlace + panel);
                for (int block = 0; block < rowBlocks * columnBlocks; block++)
                    slab.MultiplyBlock(block / columnBlocks, block % columnBlocks);
            }
            else
            {
                Workers.Run(toCopy, new CopyPanels(&slab));
                Workers.Run(rowBlocks * columnBlocks, new MultiplyBlocks(&slab, columnBlocks));
            }
        }
    }

    private static void Clear(in MatrixProductProblem<T> problem)
    {
        for (int i = 0; i < problem.Rows; i++)
            new Span<T>(problem.C + (i * problem.CRow), problem.Columns).Clear();
    }

    private readonly struct CopyPanels(Slab* slab) : IChunkBody
    {
        public void Run(int chunk) => slab->CopyPanel(slab->InPlace + chunk);
    }

    private readonly struct MultiplyBlocks(Slab* slab, int columnBlocks) : IChunkBody
    {
        public void Run(int chunk) => slab->MultiplyBlock(chunk / columnBlocks, chunk % columnBlocks);
    }

    /// <summary>All rows, a stretch of the depth, and as many columns as the copies of B hold.</summary>
    private struct Slab
    {
        public T* A;
        public nint ARow;
        public nint AColumn;
        public T* B;
        public nint BRow;
        public nint BColumn;
        public T* C;
        public nint CRow;
        public T* Copy;
        public int InPlace;
        public int Rows;
        public int Columns;
        public int Depth;
        public bool Accumulate;
        public bool CopyA;
        public int RowsInBlock;
        public int PanelsInBlock;

        // Enough blocks that threads finish together, none so small that handing it out is felt.
        public void ShrinkBlocks(int panels)
        {
            int tileRows = MatrixProductTile<V, S, T>.Rows;
            RowsInBlock = RowsInBlock / tileRows * tileRows;
            while (Blocks(panels) < 16 && OperationsInBlock > 2 * ParallelOperations && PanelsInBlock > 2)
                PanelsInBlock = (PanelsInBlock + 1) / 2;
            while (Blocks(panels) < 16 && OperationsInBlock > ParallelOperations && RowsInBlock > 2 * tileRows)
                RowsInBlock = RowsInBlock / 2 / tileRows * tileRows;
        }

        private readonly long OperationsInBlock => 2L * RowsInBlock * PanelsInBlock * Width * Depth;

        private readonly long Blocks(int panels) =>
            ((Rows + RowsInBlock - 1L) / RowsInBlock) * ((panels + PanelsInBlock - 1L) / PanelsInBlock);

        public readonly void CopyPanel(int panel) =>
            MatrixProductPanels<V, S, T>.CopyB(
                B + (panel * Width * BColumn), BRow, BColumn, Depth, Math.Min(Width, Columns - (panel * Width)), PanelCopy(panel));

        private readonly T* PanelCopy(int panel) => Copy + ((nint)(panel - InPlace) * Width * Depth);

        public readonly void MultiplyBlock(int rowBlock, int columnBlock)
        {
            int firstRow = rowBlock * RowsInBlock;
            int endRow = Math.Min(Rows, firstRow + RowsInBlock);
            int firstPanel = columnBlock * PanelsInBlock;
            int endPanel = Math.Min((Columns + Width - 1) / Width, firstPanel + PanelsInBlock);
            int tileRows = MatrixProductTile<V, S, T>.Rows;
            T[] copies = CopyA ? MatrixProductBuffers<T>.OfA((tileRows * Depth) + S.Count) : [];
            fixed (T* copyA = copies)
            {
                MatrixProductTile<V, S, T>.Operands tile = default;
                tile.Depth = Depth;
                tile.CRow = CRow;
                tile.Accumulate = Accumulate;
                for (int i = firstRow; i < endRow; i += tileRows)
                {
                    int rows = Math.Min(tileRows, endRow - i);
                    tile.A = A + (i * ARow);
                    tile.ARow = ARow;
                    tile.AColumn = AColumn;
                    if (CopyA)
                    {
                        MatrixProductPanels<V, S, T>.CopyA(tile.A, ARow, AColumn, rows, Depth, copyA);
                        tile.A = copyA;
                        tile.ARow = 1;
                        tile.AColumn = rows;
                    }
                    for (int panel = firstPanel; panel < endPanel; panel++)
                    {
                        int column = panel * Width;
                        tile.B = panel < InPlace ? B + column : PanelCopy(panel);
                        tile.BRow = panel < InPlace ? BRow : Width;
                        tile.C = C + (i * CRow) + column;
                        MatrixProductTile<V, S, T>.Multiply(tile, rows, Math.Min(Width, Columns - column));
                    }
                }
            }
        }
    }
}
