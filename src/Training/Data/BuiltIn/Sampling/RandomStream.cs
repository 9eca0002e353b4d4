namespace Transformer.Training.Data.BuiltIn.Sampling;

/// <summary>The choices of the grammar, from one stream of <see cref="SplitMix64"/> that all samplers share; the same on every machine.</summary>
internal sealed class RandomStream(ulong seed)
{
    // No epoch has this number: with one seed for the corpus and for the order of its batches, the two still differ.
    private const ulong Stream = ulong.MaxValue;

    // Not readonly: the generator is a struct that changes with each number.
    private SplitMix64 numbers = new(seed, Stream);

    /// <summary>A number from 0 to <paramref name="bound"/> − 1, each equally likely.</summary>
    public int Below(int bound) => numbers.Below(bound);

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
}
