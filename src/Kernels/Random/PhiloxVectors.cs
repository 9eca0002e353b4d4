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
        V stream = L.Fill(key.Stream);
        V step = L.Fill(key.Step);
        V microBatch = L.Fill(key.MicroBatch);
        V seed0 = L.Fill((uint)key.Seed);
        V seed1 = L.Fill((uint)(key.Seed >> 32));
        V advance = L.Fill((ulong)L.Blocks);
        V block = L.Add(L.Fill(firstBlock), L.Order);
        int i = 0;
        for (; i <= words.Length - (8 * L.Blocks); i += 8 * L.Blocks)
        {
            V next = L.Add(block, advance);
            ref uint destination = ref MemoryMarshal.GetReference(words.Slice(i, 8 * L.Blocks));
            PhiloxRounds.Draw<V, L>(block, next, stream, step, microBatch, seed0, seed1, ref destination);
            block = L.Add(next, advance);
        }

        return i;
    }
}
