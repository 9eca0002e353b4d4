using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// The innermost product: a tile of C of up to <see cref="Rows"/> rows and <see cref="Vectors"/> vectors, kept in registers
/// while the depth is walked once. Each step loads a row of B (a few vectors), and each element of a column of A, repeated
/// over a vector, is multiplied with it and added to the tile: outer products, no sum across a vector.
/// </summary>
/// <remarks>
/// The size of the tile is a type argument (<see cref="ISize"/>), so the rows and vectors that a smaller tile lacks are not
/// there in its machine code: one source serves the inner tiles and all edges. 8 × 3 accumulators, 3 vectors of B and one of A
/// fill the 32 registers of 512-bit machines; 6 × 2 the 16 registers of the others.
/// </remarks>
internal static unsafe class MatrixProductTile<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    /// <summary>Rows of a full tile.</summary>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => S.Count * sizeof(T) == 64 ? 8 : 6;
    }

    /// <summary>Vectors in a row of a full tile.</summary>
    public static int Vectors
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => S.Count * sizeof(T) == 64 ? 3 : 2;
    }

    /// <summary>
    /// Computes a strip, which is tiles one below the other: <paramref name="rows"/> rows, at least 1, and <paramref name="columns"/>
    /// columns, at least 1 and at most a full tile's.
    /// </summary>
    public static void Multiply(ref Operands o, int rows, int columns)
    {
        int vectors = (columns + S.Count - 1) / S.Count;
        int last = columns - ((vectors - 1) * S.Count);
        int rest = rows % Rows;
        o.Tiles = rows / Rows;
        if (o.Tiles > 0)
            Multiply(o, Rows, vectors, last);
        if (rest == 0)
            return;
        o.Skip(rows - rest);
        o.Tiles = 1;
        Multiply(o, rest, vectors, last);
    }

    private static void Multiply(in Operands o, int rows, int vectors, int last)
    {
        switch (((vectors - 1) * 8) + rows)
        {
            case 1: Multiply<Size1, Size1>(o, last); break;
            case 2: Multiply<Size2, Size1>(o, last); break;
            case 3: Multiply<Size3, Size1>(o, last); break;
            case 4: Multiply<Size4, Size1>(o, last); break;
            case 5: Multiply<Size5, Size1>(o, last); break;
            case 6: Multiply<Size6, Size1>(o, last); break;
            case 7: Multiply<Size7, Size1>(o, last); break;
            case 8: Multiply<Size8, Size1>(o, last); break;
            case 9: Multiply<Size1, Size2>(o, last); break;
            case 10: Multiply<Size2, Size2>(o, last); break;
            case 11: Multiply<Size3, Size2>(o, last); break;
            case 12: Multiply<Size4, Size2>(o, last); break;
            case 13: Multiply<Size5, Size2>(o, last); break;
            case 14: Multiply<Size6, Size2>(o, last); break;
            case 15: Multiply<Size7, Size2>(o, last); break;
            case 16: Multiply<Size8, Size2>(o, last); break;
            case 17: Multiply<Size1, Size3>(o, last); break;
            case 18: Multiply<Size2, Size3>(o, last); break;
            case 19: Multiply<Size3, Size3>(o, last); break;
            case 20: Multiply<Size4, Size3>(o, last); break;
            case 21: Multiply<Size5, Size3>(o, last); break;
            case 22: Multiply<Size6, Size3>(o, last); break;
            case 23: Multiply<Size7, Size3>(o, last); break;
            case 24: Multiply<Size8, Size3>(o, last); break;
        }
    }

    // tᵢⱼ = Σₚ aᵢₚ bₚⱼ, then cᵢⱼ = sᵢⱼ + tᵢⱼ, where s is C itself, one row for all, or nothing. From one tile to the next there is little
    // to do, so that the processor begins the next one while it finishes the last.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TRows, TVectors>(in Operands o, int last)
        where TRows : ISize
        where TVectors : ISize
    {
        nint row = o.ARow, aColumn = o.AColumn, bRow = o.BRow, cRow = o.CRow, aheadStep = o.AheadStep;
        T* a = o.A;
        T* c = o.C;
        T* start = o.Start;
        bool streams = o.Streams;
        // Of tiles one vector wide the loads are nearly the limit.
        bool fetches = TVectors.Value > 1 || aheadStep != 0;
        for (int tile = 0; tile < o.Tiles; tile++)
        {
            V t00 = S.Zero, t01 = S.Zero, t02 = S.Zero;
            V t10 = S.Zero, t11 = S.Zero, t12 = S.Zero;
            V t20 = S.Zero, t21 = S.Zero, t22 = S.Zero;
            V t30 = S.Zero, t31 = S.Zero, t32 = S.Zero;
            V t40 = S.Zero, t41 = S.Zero, t42 = S.Zero;
            V t50 = S.Zero, t51 = S.Zero, t52 = S.Zero;
            V t60 = S.Zero, t61 = S.Zero, t62 = S.Zero;
            V t70 = S.Zero, t71 = S.Zero, t72 = S.Zero;

            // C is needed only after the depth has been walked; until then it can come from where it is.
            if (o.FetchesC)
                FetchRows<TRows, TVectors>(c, cRow);

            // Rows 0 to 2 of A are reached from the first pointer, 3 to 5 from the second, 6 and 7 from the third.
            T* a0 = a;
            T* a3 = a0 + (3 * row);
            T* a6 = a3 + (3 * row);
            T* b = o.B;
            T* ahead = o.Ahead + (tile * o.AheadTile);
            for (int p = o.Depth; p > 0; p--)
            {
                V b0 = S.Load(ref b[0]);
                V b1 = TVectors.Value > 1 ? S.Load(ref b[S.Count]) : b0;
                V b2 = TVectors.Value > 2 ? S.Load(ref b[2 * S.Count]) : b0;
                AddRow<TVectors>(ref t00, ref t01, ref t02, a0[0], b0, b1, b2);
                if (TRows.Value > 1)
                    AddRow<TVectors>(ref t10, ref t11, ref t12, a0[row], b0, b1, b2);
                if (TRows.Value > 2)
                    AddRow<TVectors>(ref t20, ref t21, ref t22, a0[2 * row], b0, b1, b2);
                if (TRows.Value > 3)
                    AddRow<TVectors>(ref t30, ref t31, ref t32, a3[0], b0, b1, b2);
                if (TRows.Value > 4)
                    AddRow<TVectors>(ref t40, ref t41, ref t42, a3[row], b0, b1, b2);
                if (TRows.Value > 5)
                    AddRow<TVectors>(ref t50, ref t51, ref t52, a3[2 * row], b0, b1, b2);
                if (TRows.Value > 6)
                    AddRow<TVectors>(ref t60, ref t61, ref t62, a6[0], b0, b1, b2);
                if (TRows.Value > 7)
                    AddRow<TVectors>(ref t70, ref t71, ref t72, a6[row], b0, b1, b2);
                a0 += aColumn;
                a3 += aColumn;
                a6 += aColumn;
                b += bRow;
                if (fetches)
                {
                    Cache.Fetch(ahead);
                    ahead += aheadStep;
                }
            }
            a += TRows.Value * row;

            if (start != null)
            {
                AddStart<TVectors>(start, ref t00, ref t01, ref t02, last);
                if (TRows.Value > 1)
                    AddStart<TVectors>(start + o.StartRow, ref t10, ref t11, ref t12, last);
                if (TRows.Value > 2)
                    AddStart<TVectors>(start + (2 * o.StartRow), ref t20, ref t21, ref t22, last);
                if (TRows.Value > 3)
                    AddStart<TVectors>(start + (3 * o.StartRow), ref t30, ref t31, ref t32, last);
                if (TRows.Value > 4)
                    AddStart<TVectors>(start + (4 * o.StartRow), ref t40, ref t41, ref t42, last);
                if (TRows.Value > 5)
                    AddStart<TVectors>(start + (5 * o.StartRow), ref t50, ref t51, ref t52, last);
                if (TRows.Value > 6)
                    AddStart<TVectors>(start + (6 * o.StartRow), ref t60, ref t61, ref t62, last);
                if (TRows.Value > 7)
                    AddStart<TVectors>(start + (7 * o.StartRow), ref t70, ref t71, ref t72, last);
                start += TRows.Value * o.StartRow;
            }
            StoreRow<TVectors>(c, t00, t01, t02, last, streams);
            if (TRows.Value > 1)
                StoreRow<TVectors>(c += cRow, t10, t11, t12, last, streams);
            if (TRows.Value > 2)
                StoreRow<TVectors>(c += cRow, t20, t21, t22, last, streams);
            if (TRows.Value > 3)
                StoreRow<TVectors>(c += cRow, t30, t31, t32, last, streams);
            if (TRows.Value > 4)
                StoreRow<TVectors>(c += cRow, t40, t41, t42, last, streams);
            if (TRows.Value > 5)
                StoreRow<TVectors>(c += cRow, t50, t51, t52, last, streams);
            if (TRows.Value > 6)
                StoreRow<TVectors>(c += cRow, t60, t61, t62, last, streams);
            if (TRows.Value > 7)
                StoreRow<TVectors>(c += cRow, t70, t71, t72, last, streams);
            c += cRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchRows<TRows, TVectors>(T* c, nint cRow)
        where TRows : ISize
        where TVectors : ISize
    {
        for (int i = 0; i < TRows.Value; i++)
        {
            Cache.Fetch(c);
            if (TVectors.Value > 1)
                Cache.Fetch(c + S.Count);
            if (TVectors.Value > 2)
                Cache.Fetch(c + (2 * S.Count));
            c += cRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<TVectors>(ref V t0, ref V t1, ref V t2, T a, V b0, V b1, V b2)
        where TVectors : ISize
    {
        V repeated = S.Fill(a);
        t0 = S.MultiplyAdd(repeated, b0, t0);
        if (TVectors.Value > 1)
            t1 = S.MultiplyAdd(repeated, b1, t1);
        if (TVectors.Value > 2)
            t2 = S.MultiplyAdd(repeated, b2, t2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddStart<TVectors>(T* start, ref V t0, ref V t1, ref V t2, int last)
        where TVectors : ISize
    {
        int end = (TVectors.Value - 1) * S.Count;
        V s = last == S.Count ? S.Load(ref start[end]) : S.LoadFirst(ref start[end], last);
        if (TVectors.Value == 1)
            t0 = S.Add(s, t0);
        else
            t0 = S.Add(S.Load(ref start[0]), t0);
        if (TVectors.Value == 2)
            t1 = S.Add(s, t1);
        else if (TVectors.Value > 2)
            t1 = S.Add(S.Load(ref start[S.Count]), t1);
        if (TVectors.Value > 2)
            t2 = S.Add(s, t2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TVectors>(T* c, V t0, V t1, V t2, int last, bool streams)
        where TVectors : ISize
    {
        if (TVectors.Value == Vectors && last == S.Count && streams)
        {
            S.StorePast(t0, c);
            S.StorePast(t1, c + S.Count);
            if (TVectors.Value > 2)
                S.StorePast(t2, c + (2 * S.Count));
            return;
        }
        if (TVectors.Value > 1)
            S.Store(t0, ref c[0]);
        if (TVectors.Value > 2)
            S.Store(t1, ref c[S.Count]);
        V t = TVectors.Value == 1 ? t0 : TVectors.Value == 2 ? t1 : t2;
        int end = (TVectors.Value - 1) * S.Count;
        if (last == S.Count)
            S.Store(t, ref c[end]);
        else
            S.StoreFirst(t, ref c[end], last);
    }

    /// <summary>Where the operands of a strip of tiles lie. Rows of B must be readable to whole vectors; C and Start are not touched beyond the strip.</summary>
    public struct Operands
    {
        public T* A;
        public nint ARow;
        public nint AColumn;
        public T* B;
        public nint BRow;
        public T* C;
        public nint CRow;

        /// <summary>What the sums are added to: C itself, one row (<see cref="StartRow"/> 0), or null for 0.</summary>
        public T* Start;
        public nint StartRow;
        public int Depth;
        public int Tiles;

        /// <summary>Whether full tiles store past the caches, C being aligned to vectors.</summary>
        public bool Streams;

        /// <summary>Whether C is likely to lie far away.</summary>
        public bool FetchesC;

        /// <summary>What later tiles will need: each step of the depth fetches one cache line of it (tiles one vector wide do not: their loads are their limit).</summary>
        public T* Ahead;
        public nint AheadStep;

        /// <summary>From what one tile of the strip fetches to what the next one does.</summary>
        public nint AheadTile;

        /// <summary>Goes on to a later row.</summary>
        public void Skip(int rows)
        {
            A += rows * ARow;
            C += rows * CRow;
            if (Start != null)
                Start += rows * StartRow;
            Ahead += rows / Rows * AheadTile;
        }
    }
}
