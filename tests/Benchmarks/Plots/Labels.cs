namespace Benchmarks.Plots;

/// <summary>Places for texts that would lie on each other.</summary>
internal static class Labels
{
    /// <summary>The wanted places, moved on where they are nearer than a gap; their order stays.</summary>
    public static double[] Apart(IReadOnlyList<double> wanted, double gap)
    {
        double[] places = [.. wanted];
        double free = double.NegativeInfinity;
        foreach (int i in Enumerable.Range(0, places.Length).OrderBy(i => wanted[i]))
        {
            places[i] = Math.Max(places[i], free);
            free = places[i] + gap;
        }

        return places;
    }
}
