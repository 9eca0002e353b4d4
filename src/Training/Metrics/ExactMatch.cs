namespace Transformer.Training.Metrics;

/// <summary>How many translations are the reference itself.</summary>
public static class ExactMatch
{
    /// <summary>The share of hypotheses that equal their reference character by character, from 0 to 100; 0 of none at all.</summary>
    /// <exception cref="ArgumentException">There are not as many hypotheses as references.</exception>
    public static double Percentage(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(hypotheses);
        ArgumentNullException.ThrowIfNull(references);
        if (hypotheses.Count != references.Count)
            throw new ArgumentException($"{hypotheses.Count} hypotheses, but {references.Count} references");
        int equal = hypotheses.Zip(references).Count(pair => string.Equals(pair.First, pair.Second, StringComparison.Ordinal));
        return hypotheses.Count == 0 ? 0 : 100.0 * equal / hypotheses.Count;
    }
}
