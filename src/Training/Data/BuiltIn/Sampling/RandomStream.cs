namespace Transformer.Training.Data.BuiltIn.Sampling;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"): the n-th number is a hash
/// of seed + n · γ, the same on every machine.
/// </summary>
internal sealed class RandomStream(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    /// <summary>A number from 0 to <paramref name="bound"/> − 1, by the high half of a product (no modulo bias to speak of).</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>An index drawn in proportion to the weights.</summary>
    public int PickWeighted(ReadOnlySpan<int> weights)
    {
        int total = 0;
        foreach (int weight in weights)
            total += weight;
        int draw = Below(total);
        int index = 0;
        while (draw >= weights[index])
            draw -= weights[index++];
        return index;
    }

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
