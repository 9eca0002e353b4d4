namespace Transformer.Autograd.Debugging.Sessions.Text;

/// <summary>What somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>Up to three of the words, the most alike first; none where all are far away.</summary>
    public static IReadOnlyList<string> To(string word, IEnumerable<string> words) =>
    [
        .. words.Distinct()
            .Select(candidate => (candidate, Distance: Distance(word, candidate)))
            .Where(entry => entry.Distance <= Reach(word.Length))
            .OrderBy(entry => entry.Distance)
            .Take(3)
            .Select(entry => entry.candidate),
    ];

    /// <summary><c>; did you mean x, y?</c>, or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> words)
    {
        IReadOnlyList<string> nearest = To(word, words);
        return nearest.Count == 0 ? string.Empty : $"; did you mean {string.Join(", ", nearest)}?";
    }

    // Every word of two letters is within two changes of every other.
    private static double Reach(int length) => length <= 1 ? 0.5 : length <= 3 ? 1 : Math.Max(2, length / 3);

    // Levenshtein (1966): fewest insertions, deletions and replacements that turn one word into the other; case counts half.
    private static double Distance(string a, string b)
    {
        double[] previous = [.. Enumerable.Range(0, b.Length + 1).Select(i => (double)i)];
        double[] current = new double[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                double replaced = a[i - 1] == b[j - 1] ? 0 : char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0.5 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + replaced);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
