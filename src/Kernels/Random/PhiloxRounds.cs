using System.Runtime.CompilerServices;

namespace Transformer.Kernels;

/// <summary>The rounds of <see cref="Philox"/> in vectors, one block in each lane.</summary>
internal static class PhiloxRounds
{
    /// <summary>
    /// Writes the words of two vectors of blocks. Two at a time: a round waits for its products, and the other vector's products fill the
    /// wait. Two rounds in a turn of the loop spare it most of the moves between registers.
    /// </summary>
    /// <param name="a0">Numbers of the first blocks, in <see cref="IPhiloxLanes{V}.Order"/>.</param>
    /// <param name="b0">Numbers of the other blocks.</param>
    /// <param name="counter1">The second word of every counter.</param>
    /// <param name="counter2">The third.</param>
    /// <param name="counter3">The fourth.</param>
    /// <param name="key0">The first word of the key.</param>
    /// <param name="key1">The second.</param>
    /// <param name="words">8 · L.Blocks words.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Draw<V, L>(V a0, V b0, V counter1, V counter2, V counter3, V key0, V key1, ref uint words)
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

        // The upper halves hold rubbish from the first round on, which neither the products nor the interleaving see.
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
        L.Store(first, ref words);
        L.Store(second, ref Unsafe.Add(ref words, 2 * L.Blocks));
        L.Interleave(b0, b1, b2, b3, out first, out second);
        L.Store(first, ref Unsafe.Add(ref words, 4 * L.Blocks));
        L.Store(second, ref Unsafe.Add(ref words, 6 * L.Blocks));
    }
}
