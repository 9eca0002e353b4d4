namespace Transformer.Training.Data;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"): output n is a fixed mix of
/// key + n · γ. The key is made of a seed and a stream number, so that every epoch has an order of its own that
/// depends on nothing before it, and the built-in corpus numbers of its own.
/// </summary>
internal struct SplitMix64(ulong seed, ulong stream)
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private ulong state = Mix(Mix(seed + Gamma) ^ (stream * 0xD1342543DE82EF95));

    public ulong Next() => Mix(state += Gamma);

    /// <summary>A number in [0, bound), each equally likely (Lemire 2019: multiply, and draw again where one would be favoured).</summary>
    public int Below(int bound)
    {
        ulong range = (ulong)bound;
        ulong favoured = (0 - range) % range; // 2⁶⁴ mod bound
        ulong low, high;
        do
        {
            high = Math.BigMul(Next(), range, out low);
        }
        while (low < favoured);
        return (int)high;
    }

    /// <summary>Fisher-Yates: every order is equally likely.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The mix: each bit of the input changes about half of the output.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
