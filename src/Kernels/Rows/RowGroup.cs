using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Sums and maxima of as many rows at a time as a vector has lanes. Adding up the lanes of one vector is a chain of instructions that wait for each
/// other; here one vector for each row is turned, in a tree, into one vector with a lane for each row. In the tree every row's lanes are added in
/// the same order, so what a row gives does not depend on its place.
/// </summary>
internal static class RowGroup
{
    // Rows of a group are gone through two or three times, with two or three arrays, and should stay in the first-level cache. Long rows are taken
    // alone: of several that lie a power of two apart, the same elements would fall into the same few lines of the cache.
    private const int Bytes = 8 * 1024;
    private const int FewestRows = 4;

    /// <summary>The number of elements that stay there.</summary>
    public static int Elements<T>()
        where T : unmanaged =>
        Bytes / Unsafe.SizeOf<T>();

    /// <summary>The number of rows to take at a time, at most the lanes of a vector; 1 for long rows. It depends on the columns alone.</summary>
    public static int Height<T>(int columns, int lanes)
        where T : unmanaged
    {
        int rows = Math.Min(Elements<T>() / Math.Max(columns, 1), lanes);
        return rows < Math.Min(FewestRows, lanes) ? 1 : rows;
    }

    /// <summary>Lane r of the result is the sum of the r-th vector, for groups of a given height. The vectors, one for each lane, are used up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sum<V, S, T>(Span<T> vectors, int height)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (height == 1)
            return S.Fill(S.Sum(S.Load(in vectors[0])));
        return Tree<V, S, T, Addition<V, S, T>>(vectors);
    }

    /// <summary>Lane r of the result is the largest element of the r-th vector, as in <see cref="Sum"/>. A NaN may be lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Max<V, S, T>(Span<T> vectors, int height)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (height == 1)
            return S.Fill(S.MaxElement(S.Load(in vectors[0])));
        return Tree<V, S, T, Larger<V, S, T>>(vectors);
    }

    // Each level halves the number of vectors: a₀ b₀ a₁ b₁ … + a₄ b₄ a₅ b₅ …; two levels at a time stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Tree<V, S, T, TPair>(Span<T> vectors)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPair : IPair<V>
    {
        vectors = vectors[..(S.Count * S.Count)];
        int quarter = S.Count * S.Count / 4;
        for (; quarter >= S.Count; quarter /= 4)
        {
            for (int i = 0; i < quarter; i += S.Count)
            {
                V a = Pair<V, S, T, TPair>(S.Load(in vectors[i]), S.Load(in vectors[i + (2 * quarter)]));
                V b = Pair<V, S, T, TPair>(S.Load(in vectors[i + quarter]), S.Load(in vectors[i + (3 * quarter)]));
                S.Store(Pair<V, S, T, TPair>(a, b), ref vectors[i]);
            }
        }

        // Eight vectors or two have one level more.
        V first = S.Load(in vectors[0]);
        return S.Count is 2 or 8 ? Pair<V, S, T, TPair>(first, S.Load(in vectors[S.Count])) : first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Pair<V, S, T, TPair>(V a, V b)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged
        where TPair : IPair<V> =>
        TPair.Of(S.InterleaveLower(a, b), S.InterleaveUpper(a, b));

    private interface IPair<V>
    {
        static abstract V Of(V a, V b);
    }

    private readonly struct Addition<V, S, T> : IPair<V>
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged
    {
        public static V Of(V a, V b) => S.Add(a, b);
    }

    private readonly struct Larger<V, S, T> : IPair<V>
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged
    {
        public static V Of(V a, V b) => S.MaxOfNumbers(a, b);
    }
}
