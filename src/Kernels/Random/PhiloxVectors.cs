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

    /// <summary>As many whole vectors as there are; returns the number of words written.</summary>
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
        for (; i <= words.Length - (4 * L.Blocks); i += 4 * L.Blocks)
        {
            V counter0 = block;
            V counter1 = L.Fill(key.Stream);
            V counter2 = L.Fill(key.Step);
            V counter3 = L.Fill(key.MicroBatch);
            V key0 = L.Fill((uint)key.Seed);
            V key1 = L.Fill((uint)(key.Seed >> 32));
            for (int round = 0; round < Philox.Rounds; round++)
            {
                // The upper halves hold rubbish from here on, which neither the products nor the interleaving see.
                V product0 = L.MultiplyLower(multiplier0, counter0);
                V product1 = L.MultiplyLower(multiplier1, counter2);
                counter0 = L.MixUpper(product1, counter1, key0);
                counter1 = product1;
                counter2 = L.MixUpper(product0, counter3, key1);
                counter3 = product0;
                key0 = L.Add(key0, step0);
                key1 = L.Add(key1, step1);
            }
            L.Interleave(counter0, counter1, counter2, counter3, out V first, out V second);
            ref uint destination = ref MemoryMarshal.GetReference(words.Slice(i, 4 * L.Blocks));
            L.Store(first, ref destination);
            L.Store(second, ref Unsafe.Add(ref destination, 2 * L.Blocks));
            block = L.Add(block, advance);
        }
        return i;
    }
}
