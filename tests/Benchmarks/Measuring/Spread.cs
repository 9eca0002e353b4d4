namespace Benchmarks.Measuring;

/// <summary>Repeated measurements of one thing.</summary>
/// <param name="Median">The middle one; of an even number, the mean of the middle two.</param>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct Spread(double Median, double Minimum, double Maximum, int Count)
{
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Spread Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("Spread: there is nothing to take the median of.", nameof(values));
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1], sorted.Length);
    }

    public static Spread operator *(Spread spread, double factor) =>
        new(spread.Median * factor, spread.Minimum * factor, spread.Maximum * factor, spread.Count);
}
