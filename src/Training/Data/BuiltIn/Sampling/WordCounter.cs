namespace Transformer.Training.Data.BuiltIn.Sampling;

/// <summary>Counts words as they are written, without punctuation.</summary>
internal sealed class WordCounter
{
    private static readonly char[] Separators = [' ', ',', '.', '?'];

    private readonly Dictionary<string, int> counts = [];

    public int Distinct => counts.Count;

    public IReadOnlyDictionary<string, int> Counts => counts;

    /// <summary>The corpus knows no other marks than comma, full stop and question mark.</summary>
    public static IReadOnlyList<string> Words(string sentence) =>
        sentence.Split(Separators, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Number of words: no mark stands alone, so words are what spaces divide.</summary>
    public static int Length(string sentence) => sentence.AsSpan().Count(' ') + 1;

    public void Add(string sentence)
    {
        foreach (string word in Words(sentence))
            counts[word] = counts.GetValueOrDefault(word) + 1;
    }

    public bool HasAll(string sentence, int least) =>
        Words(sentence).All(word => counts.GetValueOrDefault(word) >= least);
}
