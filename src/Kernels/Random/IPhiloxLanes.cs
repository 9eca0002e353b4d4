namespace Transformer.Kernels;

/// <summary>
/// The integer instructions of Philox at one width. Each 64-bit lane carries one 32-bit word in its lower half; what is in the upper
/// half never matters until <see cref="Interleave"/> drops it.
/// </summary>
internal interface IPhiloxLanes<V>
    where V : struct
{
    /// <summary>Blocks (64-bit lanes) in a vector.</summary>
    static abstract int Blocks { get; }

    static abstract V Fill(ulong value);

    /// <summary>
    /// Counters 0, 1, … in the order in which <see cref="Interleave"/> leaves elements in memory order: within each 128 bits,
    /// block k and block k + half the vector.
    /// </summary>
    static abstract V Order { get; }

    static abstract V Add(V a, V b);

    /// <summary>The 64-bit products of the lower halves.</summary>
    static abstract V MultiplyLower(V a, V b);

    /// <summary>(a ≫ 32) xor b xor c.</summary>
    static abstract V MixUpper(V a, V b, V c);

    /// <summary>The words of all blocks in element order: <paramref name="first"/> holds the first half of the blocks.</summary>
    static abstract void Interleave(V word0, V word1, V word2, V word3, out V first, out V second);

    static abstract void Store(V value, ref uint destination);
}
