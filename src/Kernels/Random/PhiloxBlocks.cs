using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Transformer.Kernels;

/// <summary>
/// The words of Philox blocks from a list, several blocks to a vector. Rows of a matrix that are short, or do not start at a whole block,
/// fill vectors that way as well as long ones do.
/// </summary>
internal static unsafe class PhiloxBlocks
{
    /// <summary>Blocks are drawn in groups of this many: lists are filled up to a multiple of it.</summary>
    public const int Group = 16;

    /// <summary>Word j of the block at list index i, at 4 i + j.</summary>
    /// <param name="key">Names the sequence.</param>
    /// <param name="blocks">Numbers of blocks: element index / 4.</param>
    /// <param name="count">How many, a multiple of <see cref="Group"/>.</param>
    /// <param name="words">4 · <paramref name="count"/> words.</param>
    public static void Fill(RandomKey key, ulong* blocks, int count, uint* words)
    {
        if (Execution.VectorBits == 512)
            Fill<Vector512<ulong>, PhiloxLanes512>(key, blocks, count, words);
        else if (Execution.VectorBits == 256)
            Fill<Vector256<ulong>, PhiloxLanes256>(key, blocks, count, words);
        else
            Fill<Vector128<ulong>, PhiloxLanes128>(key, blocks, count, words);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Fill<V, L>(RandomKey key, ulong* blocks, int count, uint* words)
        where V : struct
        where L : IPhiloxLanes<V>
    {
        V stream = L.Fill(key.Stream);
        V step = L.Fill(key.Step);
        V microBatch = L.Fill(key.MicroBatch);
        V seed0 = L.Fill((uint)key.Seed);
        V seed1 = L.Fill((uint)(key.Seed >> 32));
        for (int i = 0; i < count; i += 2 * L.Blocks)
        {
            PhiloxRounds.Draw<V, L>(Load<V>(blocks + i), Load<V>(blocks + i + L.Blocks), stream, step, microBatch, seed0, seed1, ref *words);
            words += 8 * L.Blocks;
        }
    }

    // Blocks in the order in which the words come out right: that of IPhiloxLanes.Order.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<V>(ulong* blocks)
        where V : struct
    {
        if (typeof(V) == typeof(Vector512<ulong>))
            return Unsafe.BitCast<Vector512<ulong>, V>(Vector512.Shuffle(Vector512.Load(blocks), PhiloxLanes512.Order));
        if (typeof(V) == typeof(Vector256<ulong>))
            return Unsafe.BitCast<Vector256<ulong>, V>(Vector256.Shuffle(Vector256.Load(blocks), PhiloxLanes256.Order));
        return Unsafe.BitCast<Vector128<ulong>, V>(Vector128.Load(blocks));
    }
}
