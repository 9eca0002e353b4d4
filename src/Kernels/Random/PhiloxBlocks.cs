using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Transformer.Kernels;

/// <summary>
/// The dropout mask of Philox blocks from a list, several to a vector. Rows of a matrix that are short, or do not start at a whole
/// block, fill vectors that way as well as long ones do.
/// </summary>
internal static unsafe class PhiloxBlocks
{
    /// <summary>Blocks are drawn in groups of this many: lists are filled up to a multiple of it.</summary>
    public const int Group = 8;

    /// <summary>
    /// For each block four bytes, 1 where a word of it is ≥ <paramref name="threshold"/>, else 0: word j of the block at list
    /// index i is at 4 i + j.
    /// </summary>
    /// <param name="key">Names the mask.</param>
    /// <param name="threshold">Elements whose word is below are dropped; see <see cref="Dropout"/>.</param>
    /// <param name="blocks">Numbers of blocks: element index / 4.</param>
    /// <param name="count">How many, a multiple of <see cref="Group"/>.</param>
    /// <param name="keep">4 · <paramref name="count"/> bytes.</param>
    public static void Keep(RandomKey key, uint threshold, ulong* blocks, int count, byte* keep)
    {
        if (Execution.VectorBits == 512)
            Keep<Vector512<ulong>, PhiloxLanes512>(key, threshold, blocks, count, keep);
        else if (Execution.VectorBits == 256)
            Keep<Vector256<ulong>, PhiloxLanes256>(key, threshold, blocks, count, keep);
        else
            Keep<Vector128<ulong>, PhiloxLanes128>(key, threshold, blocks, count, keep);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Keep<V, L>(RandomKey key, uint threshold, ulong* blocks, int count, byte* keep)
        where V : struct
        where L : IPhiloxLanes<V>
    {
        uint* words = stackalloc uint[4 * Group];
        Vector128<uint> limit = Vector128.Create(threshold);
        V stream = L.Fill(key.Stream);
        V step = L.Fill(key.Step);
        V microBatch = L.Fill(key.MicroBatch);
        V seed0 = L.Fill((uint)key.Seed);
        V seed1 = L.Fill((uint)(key.Seed >> 32));
        for (int i = 0; i < count; i += Group)
        {
            for (int j = 0; j < Group; j += L.Blocks)
            {
                V counter0 = Unsafe.ReadUnaligned<V>(blocks + i + j);
                Draw<V, L>(counter0, stream, step, microBatch, seed0, seed1, out V even, out V odd);
                L.Store(even, ref words[4 * j]);
                L.Store(odd, ref words[(4 * j) + (2 * L.Blocks)]);
            }

            for (int block = 0; block < Group; block += 4)
            {
                Vector128<ushort> lower = Vector128.Narrow(AtLeast(words, block, L.Blocks, limit), AtLeast(words, block + 1, L.Blocks, limit));
                Vector128<ushort> upper = Vector128.Narrow(AtLeast(words, block + 2, L.Blocks, limit), AtLeast(words, block + 3, L.Blocks, limit));
                (Vector128.Narrow(lower, upper) & Vector128<byte>.One).Store(keep + (4 * (i + block)));
            }
        }
    }

    // The words of blocks in lanes 0, 2, … and those in lanes 1, 3, …
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Draw<V, L>(V counter0, V counter1, V counter2, V counter3, V key0, V key1, out V even, out V odd)
        where V : struct
        where L : IPhiloxLanes<V>
    {
        V multiplier0 = L.Fill(Philox.Multiplier0);
        V multiplier1 = L.Fill(Philox.Multiplier1);
        V step0 = L.Fill(Philox.KeyStep0);
        V step1 = L.Fill(Philox.KeyStep1);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            V product0 = L.MultiplyLower(multiplier0, counter0);
            V product1 = L.MultiplyLower(multiplier1, counter2);
            counter0 = L.MixUpper(product1, counter1, key0);
            counter1 = product1;
            counter2 = L.MixUpper(product0, counter3, key1);
            counter3 = product0;
            key0 = L.Add(key0, step0);
            key1 = L.Add(key1, step1);
        }

        L.Interleave(counter0, counter1, counter2, counter3, out even, out odd);
    }

    // Vectors of `lanes` blocks were stored one after the other, each as the words of its even and then of its odd lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> AtLeast(uint* words, int block, int lanes, Vector128<uint> limit)
    {
        int lane = block % lanes;
        int odd = lane % 2;
        uint* word = words + (4 * (block - lane)) + (2 * lanes * odd) + (2 * (lane - odd));
        return Vector128.GreaterThanOrEqual(Vector128.Load(word), limit);
    }
}
