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
            Draw<V, L>(Load<V>(blocks + i), Load<V>(blocks + i + L.Blocks), stream, step, microBatch, seed0, seed1, words);
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

    // Two vectors of blocks at a time: a round waits for its products, and the other vector's products fill the wait.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Draw<V, L>(V a0, V b0, V counter1, V counter2, V counter3, V key0, V key1, uint* words)
        where V : struct
        where L : IPhiloxLanes<V>
    {
        V multiplier0 = L.Fill(Philox.Multiplier0);
        V multiplier1 = L.Fill(Philox.Multiplier1);
        V step0 = L.Fill(Philox.KeyStep0);
        V step1 = L.Fill(Philox.KeyStep1);
        V a1 = counter1;
        V a2 = counter2;
        V a3 = counter3;
        V b1 = counter1;
        V b2 = counter2;
        V b3 = counter3;
        for (int round = 0; round < Philox.Rounds; round += 2)
        {
            V productA0 = L.MultiplyLower(multiplier0, a0);
            V productA1 = L.MultiplyLower(multiplier1, a2);
            V productB0 = L.MultiplyLower(multiplier0, b0);
            V productB1 = L.MultiplyLower(multiplier1, b2);
            a0 = L.MixUpper(productA1, a1, key0);
            a2 = L.MixUpper(productA0, a3, key1);
            b0 = L.MixUpper(productB1, b1, key0);
            b2 = L.MixUpper(productB0, b3, key1);
            key0 = L.Add(key0, step0);
            key1 = L.Add(key1, step1);

            a1 = L.MultiplyLower(multiplier1, a2);
            a3 = L.MultiplyLower(multiplier0, a0);
            b1 = L.MultiplyLower(multiplier1, b2);
            b3 = L.MultiplyLower(multiplier0, b0);
            a0 = L.MixUpper(a1, productA1, key0);
            a2 = L.MixUpper(a3, productA0, key1);
            b0 = L.MixUpper(b1, productB1, key0);
            b2 = L.MixUpper(b3, productB0, key1);
            key0 = L.Add(key0, step0);
            key1 = L.Add(key1, step1);
        }

        L.Interleave(a0, a1, a2, a3, out V first, out V second);
        L.Store(first, ref words[0]);
        L.Store(second, ref words[2 * L.Blocks]);
        L.Interleave(b0, b1, b2, b3, out first, out second);
        L.Store(first, ref words[4 * L.Blocks]);
        L.Store(second, ref words[6 * L.Blocks]);
    }
}
