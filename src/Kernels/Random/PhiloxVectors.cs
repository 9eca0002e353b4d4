using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Transformer.Kernels;

/// <summary>Philox over many blocks at a time: one block in each 64-bit lane.</summary>
internal static class PhiloxVectors
{
    /// <summary>Writes the four words of each block from <paramref name="firstBlock"/> on; the length is a multiple of 4.</summary>
    public static void FillBlocks(RandomKey key, uint firstBlock, Span<uint> words)
    {
        int done = Execution.VectorBits switch
        {
            512 => FillBlocks<Vector512<ulong>, PhiloxLanes512>(key, firstBlock, words),
            256 => FillBlocks<Vector256<ulong>, PhiloxLanes256>(key, firstBlock, words),
            _ => FillBlocks<Vector128<ulong>, PhiloxLanes128>(key, firstBlock, words),
        };
        for (; done < words.Length; done += 4)
            (words[done], words[done + 1], words[done + 2], words[done + 3]) = Philox.BlockAt(key, firstBlock + (uint)(done / 4));
    }

    /// <summary>As many whole pairs of vectors as there are; returns the number of words written.</summary>
    /// <remarks>Two vectors of blocks at a time: a round waits for its products, and the other vector's products fill the wait.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int FillBlocks<V, L>(RandomKey key, uint firstBlock, Span<uint> words)
        where V : struct
        where L : IPhiloxLanes<V>
    {
        V multiplier0 = L.Fill(Philox.Multiplier0);
        V multiplier1 = L.Fill(Philox.Multiplier1);
        V step0 = L.Fill(Philox.KeyStep0);
        V step1 = L.Fill(Philox.KeyStep1);
        V advance = L.Fill((ulong)L.Blocks);
        V block = L.Add(L.Fill(firstBlock), L.Order);

        int i = 0;
        for (; i <= words.Length - (8 * L.Blocks); i += 8 * L.Blocks)
        {
            V a0 = block;
            V b0 = L.Add(block, advance);
            V a1 = L.Fill(key.Stream);
            V b1 = a1;
            V a2 = L.Fill(key.Step);
            V b2 = a2;
            V a3 = L.Fill(key.MicroBatch);
            V b3 = a3;
            V key0 = L.Fill((uint)key.Seed);
            V key1 = L.Fill((uint)(key.Seed >> 32));
            block = L.Add(b0, advance);

            // The upper halves hold rubbish from the first round on, which neither the products nor the interleaving see. Two rounds in a turn of
            // the loop spare it most of the moves between registers.
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
            ref uint destination = ref MemoryMarshal.GetReference(words.Slice(i, 8 * L.Blocks));
            L.Interleave(a0, a1, a2, a3, out V first, out V second);
            L.Store(first, ref destination);
            L.Store(second, ref Unsafe.Add(ref destination, 2 * L.Blocks));
            L.Interleave(b0, b1, b2, b3, out first, out second);
            L.Store(first, ref Unsafe.Add(ref destination, 4 * L.Blocks));
            L.Store(second, ref Unsafe.Add(ref destination, 6 * L.Blocks));
        }
        return i;
    }
}
