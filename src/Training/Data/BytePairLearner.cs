namespace Transformer.Training.Data;

/// <summary>
/// Finds the merges of a byte-pair encoding (Sennrich et al. 2016, algorithm 1). The plain algorithm counts all pairs anew for
/// every merge; here only the words that hold the merged pair are counted again, and a queue has the most frequent pair
/// in front.
/// </summary>
internal sealed class BytePairLearner
{
    // The text of each symbol, by its number.
    private readonly List<string> texts = [];
    private readonly Dictionary<string, int> numbers = [];
    private readonly List<(List<int> Symbols, int Count)> words = [];
    private readonly Dictionary<(int Left, int Right), PairCount> pairs = [];

    /// <summary>A word of the text, cut into its first symbols, and how often it occurs.</summary>
    public void Add(List<string> symbols, int count)
    {
        words.Add((symbols.ConvertAll(Number), count));
        CountPairs(words.Count - 1, +1);
    }

    public List<Merge> Learn(int mergeCount)
    {
        var merges = new List<Merge>();
        var queue = new PriorityQueue<(int Left, int Right), Rank>(pairs.Select(pair => (pair.Key, RankOf(pair.Key))));
        while (merges.Count < mergeCount && queue.TryDequeue(out (int Left, int Right) pair, out Rank rank))
        {
            // The queue is not told when a count falls: then the pair goes back to its new place. When a count rises the pair
            // is queued once more, and its older entries are void.
            int count = pairs.TryGetValue(pair, out PairCount? current) ? current.Count : 0;
            if (count < 2) continue;
            if (count < rank.Count) queue.Enqueue(pair, RankOf(pair));
            if (count != rank.Count) continue;
            merges.Add(new Merge(texts[pair.Left], texts[pair.Right]));
            foreach ((int Left, int Right) risen in MergeEverywhere(pair)) queue.Enqueue(risen, RankOf(risen));
        }
        return merges;
    }

    /// <summary>Joins every left, right that stand side by side, from the start on: a a a becomes aa a.</summary>
    public static void Replace<T>(List<T> symbols, T left, T right, T result) where T : IEquatable<T>
    {
        int kept = 0;
        for (int i = 0; i < symbols.Count; i++)
        {
            bool joined = i + 1 < symbols.Count && symbols[i].Equals(left) && symbols[i + 1].Equals(right);
            symbols[kept++] = joined ? result : symbols[i];
            if (joined) i++;
        }
        symbols.RemoveRange(kept, symbols.Count - kept);
    }

    // Only pairs with the new symbol can become more frequent; these are returned.
    private HashSet<(int, int)> MergeEverywhere((int Left, int Right) pair)
    {
        int merged = Number(texts[pair.Left] + texts[pair.Right]);
        var risen = new HashSet<(int, int)>();
        foreach (int word in pairs[pair].Words.ToArray())
        {
            List<int> symbols = words[word].Symbols;
            CountPairs(word, -1);
            Replace(symbols, pair.Left, pair.Right, merged);
            CountPairs(word, +1);
            for (int i = 1; i < symbols.Count; i++)
            {
                if (symbols[i - 1] == merged || symbols[i] == merged) risen.Add((symbols[i - 1], symbols[i]));
            }
        }
        return risen;
    }

    private void CountPairs(int word, int sign)
    {
        (List<int> symbols, int count) = words[word];
        for (int i = 1; i < symbols.Count; i++)
        {
            (int, int) key = (symbols[i - 1], symbols[i]);
            if (!pairs.TryGetValue(key, out PairCount? pair)) pairs[key] = pair = new PairCount();
            pair.Count += sign * count;
            if (sign > 0) pair.Words.Add(word);
            else pair.Words.Remove(word);
        }
    }

    private int Number(string symbol)
    {
        if (numbers.TryGetValue(symbol, out int number)) return number;
        texts.Add(symbol);
        return numbers[symbol] = texts.Count - 1;
    }

    private Rank RankOf((int Left, int Right) pair) => new(pairs[pair].Count, texts[pair.Left], texts[pair.Right]);

    private sealed class PairCount
    {
        public int Count { get; set; }
        public HashSet<int> Words { get; } = [];
    }

    /// <summary>Frequent pairs first, then by the text of both symbols, so that the result does not depend on the words' order.</summary>
    private readonly record struct Rank(int Count, string Left, string Right) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            int order = other.Count.CompareTo(Count);
            if (order == 0) order = CodePointOrder.Instance.Compare(Left, other.Left);
            return order != 0 ? order : CodePointOrder.Instance.Compare(Right, other.Right);
        }
    }
}
