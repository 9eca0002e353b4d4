using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// C (+)= A B for the small matrices of a head. B and C lie in rows of whole vectors (a tensor's own, or scratch memory filled up with zeros), elements of A
/// are read one at a time, from anywhere. A tile of C, up to 8 rows of 1 or 2 vectors, is kept in registers while the depth is
/// walked once.
/// </summary>
internal static unsafe class AttentionTile<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    /// <summary>Rows of a full tile: 2 · 8 sums, 2 vectors of B and one of A fit the 32 registers of 512-bit machines, 2 · 6 the 16 of the others.</summary>
    public static int MostRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => S.Count * sizeof(T) == 64 ? 8 : 6;
    }

    /// <summary>How many rows of <paramref name="rows"/> the tiles have: as even as can be, for a tile of few rows waits for its own sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowsOfTile(int rows)
    {
        int tiles = (rows + MostRows - 1) / MostRows;
        return tiles == 0 ? 1 : (rows + tiles - 1) / tiles;
    }

    /// <summary>A band of C: at most <see cref="RowsOfTile"/> rows, all columns.</summary>
    public static void Multiply(
        T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, int rows, int vectors, int depth, bool accumulate)
    {
        for (; vectors >= 2; vectors -= 2)
        {
            switch (rows)
            {
                case 1: Two<Size1>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
                case 2: Two<Size2>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
                case 3: Two<Size3>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
                case 4: Two<Size4>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
                case 5: Two<Size5>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
                case 6: Two<Size6>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
                case 7: Two<Size7>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
                default: Two<Size8>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
            }

            b += 2 * S.Count;
            c += 2 * S.Count;
        }

        if (vectors == 0)
            return;
        switch (rows)
        {
            case 1: One<Size1>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
            case 2: One<Size2>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
            case 3: One<Size3>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
            case 4: One<Size4>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
            case 5: One<Size5>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
            case 6: One<Size6>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
            case 7: One<Size7>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
            default: One<Size8>(a, aRow, aColumn, b, bRow, c, cRow, depth, accumulate); break;
        }
    }

    // tᵢ = Σₚ aᵢₚ bₚ, then cᵢ = (cᵢ +) tᵢ, over two vectors of columns
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<TRows>(T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, int depth, bool accumulate)
        where TRows : ISize
    {
        V t00 = S.Zero, t10 = S.Zero, t20 = S.Zero, t30 = S.Zero, t40 = S.Zero, t50 = S.Zero, t60 = S.Zero, t70 = S.Zero;
        V t01 = S.Zero, t11 = S.Zero, t21 = S.Zero, t31 = S.Zero, t41 = S.Zero, t51 = S.Zero, t61 = S.Zero, t71 = S.Zero;
        T* a3 = a + (3 * aRow);
        T* a6 = a3 + (3 * aRow);
        for (int p = depth; p > 0; p--)
        {
            V b0 = S.Load(ref b[0]);
            V b1 = S.Load(ref b[S.Count]);
            Add(ref t00, ref t01, a[0], b0, b1);
            if (TRows.Value > 1)
                Add(ref t10, ref t11, a[aRow], b0, b1);
            if (TRows.Value > 2)
                Add(ref t20, ref t21, a[2 * aRow], b0, b1);
            if (TRows.Value > 3)
                Add(ref t30, ref t31, a3[0], b0, b1);
            if (TRows.Value > 4)
                Add(ref t40, ref t41, a3[aRow], b0, b1);
            if (TRows.Value > 5)
                Add(ref t50, ref t51, a3[2 * aRow], b0, b1);
            if (TRows.Value > 6)
                Add(ref t60, ref t61, a6[0], b0, b1);
            if (TRows.Value > 7)
                Add(ref t70, ref t71, a6[aRow], b0, b1);
            a += aColumn;
            a3 += aColumn;
            a6 += aColumn;
            b += bRow;
        }

        Store(c, t00, t01, accumulate);
        if (TRows.Value > 1)
            Store(c + cRow, t10, t11, accumulate);
        if (TRows.Value > 2)
            Store(c + (2 * cRow), t20, t21, accumulate);
        if (TRows.Value > 3)
            Store(c + (3 * cRow), t30, t31, accumulate);
        if (TRows.Value > 4)
            Store(c + (4 * cRow), t40, t41, accumulate);
        if (TRows.Value > 5)
            Store(c + (5 * cRow), t50, t51, accumulate);
        if (TRows.Value > 6)
            Store(c + (6 * cRow), t60, t61, accumulate);
        if (TRows.Value > 7)
            Store(c + (7 * cRow), t70, t71, accumulate);
    }

    // The same over one vector of columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TRows>(T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, int depth, bool accumulate)
        where TRows : ISize
    {
        V t0 = S.Zero, t1 = S.Zero, t2 = S.Zero, t3 = S.Zero, t4 = S.Zero, t5 = S.Zero, t6 = S.Zero, t7 = S.Zero;
        T* a3 = a + (3 * aRow);
        T* a6 = a3 + (3 * aRow);
        for (int p = depth; p > 0; p--)
        {
            V b0 = S.Load(ref *b);
            t0 = S.MultiplyAdd(S.Fill(a[0]), b0, t0);
            if (TRows.Value > 1)
                t1 = S.MultiplyAdd(S.Fill(a[aRow]), b0, t1);
            if (TRows.Value > 2)
                t2 = S.MultiplyAdd(S.Fill(a[2 * aRow]), b0, t2);
            if (TRows.Value > 3)
                t3 = S.MultiplyAdd(S.Fill(a3[0]), b0, t3);
            if (TRows.Value > 4)
                t4 = S.MultiplyAdd(S.Fill(a3[aRow]), b0, t4);
            if (TRows.Value > 5)
                t5 = S.MultiplyAdd(S.Fill(a3[2 * aRow]), b0, t5);
            if (TRows.Value > 6)
                t6 = S.MultiplyAdd(S.Fill(a6[0]), b0, t6);
            if (TRows.Value > 7)
                t7 = S.MultiplyAdd(S.Fill(a6[aRow]), b0, t7);
            a += aColumn;
            a3 += aColumn;
            a6 += aColumn;
            b += bRow;
        }

        Store(c, t0, accumulate);
        if (TRows.Value > 1)
            Store(c + cRow, t1, accumulate);
        if (TRows.Value > 2)
            Store(c + (2 * cRow), t2, accumulate);
        if (TRows.Value > 3)
            Store(c + (3 * cRow), t3, accumulate);
        if (TRows.Value > 4)
            Store(c + (4 * cRow), t4, accumulate);
        if (TRows.Value > 5)
            Store(c + (5 * cRow), t5, accumulate);
        if (TRows.Value > 6)
            Store(c + (6 * cRow), t6, accumulate);
        if (TRows.Value > 7)
            Store(c + (7 * cRow), t7, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref V t0, ref V t1, T a, V b0, V b1)
    {
        V repeated = S.Fill(a);
        t0 = S.MultiplyAdd(repeated, b0, t0);
        t1 = S.MultiplyAdd(repeated, b1, t1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, V t0, V t1, bool accumulate)
    {
        Store(c, t0, accumulate);
        Store(c + S.Count, t1, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, V t, bool accumulate) => S.Store(accumulate ? S.Add(S.Load(ref *c), t) : t, ref *c);
}
