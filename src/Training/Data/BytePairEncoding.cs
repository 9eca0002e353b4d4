using System.Collections.Concurrent;
using System.Diagnostics;

namespace Transformer.Training.Data;

/// <summary>Two neighbouring symbols that become one.</summary>
internal readonly record struct Merge(string Left, string Right)
{
    public string Result => Left + Right;
}

/// <summary>
/// Byte-pair encoding of words (Sennrich, Haddow and Birch 2016, section 3.2): a word is a sequence of characters, in which
/// the learned merges are carried out in the order in which they were learned. Frequent words end as one token, rare ones as
/// several. Merges never cross the border of a word or of a punctuation mark.
/// <para>
/// The paper marks where a word ends. Here the mark <c>▁</c> stands for the space before a word, so that <c>dog</c> is the same token
/// before a space and before a full stop, and joining restores the text exactly, up to runs of white space.
/// </para>
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class BytePairEncoding : ITokenizer
{
    internal const string Header = "byte-pair-encoding 1";
    private const string SpaceMark = "▁";

    // A ▁ that stands in the text. No other token looks like it, since < never merges with what follows.
    private const string EscapedMark = "<▁>";

    private const int LongestCachedWord = 64;
    private const int LargestCache = 1 << 18;

    private readonly List<Merge> merges;
    private readonly Dictionary<Merge, int> ranks = [];
    private readonly ConcurrentDictionary<Piece, string[]> cache = new();

    internal BytePairEncoding(bool lowerCase, List<Merge> merges)
    {
        LowerCase = lowerCase;
        this.merges = merges;
        for (int rank = 0; rank < merges.Count; rank++) ranks.Add(merges[rank], rank);
    }

    /// <summary>Whether the text is lower-cased first.</summary>
    public bool LowerCase { get; }

    /// <summary>How many merges were learned: at most as many as were asked for.</summary>
    public int MergeCount => merges.Count;

    /// <summary>
    /// Learns merges from text: of one language, or of both for a joint encoding. The pair that occurs most often is merged,
    /// again and again; of equally frequent pairs the first by code points. A pair that occurs once is not worth a merge.
    /// </summary>
    /// <param name="lines">The text.</param>
    /// <param name="mergeCount">The largest number of merges.</param>
    /// <param name="lowerCase">Whether the text is lower-cased first, here and in <see cref="Tokenize"/>.</param>
    public static BytePairEncoding Learn(IEnumerable<string> lines, int mergeCount, bool lowerCase)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentOutOfRangeException.ThrowIfNegative(mergeCount);
        var learner = new BytePairLearner();
        foreach ((Piece piece, int count) in CountPieces(lines, lowerCase)) learner.Add(Symbols(piece), count);
        return new BytePairEncoding(lowerCase, learner.Learn(mergeCount));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Tokenize(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var tokens = new List<string>();
        foreach (Piece piece in Scan(line, LowerCase)) tokens.AddRange(Encode(piece));
        return tokens;
    }

    /// <summary>The text that was tokenized, with single spaces; <c>&lt;unk&gt;</c> stays as it is.</summary>
    public string Join(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        // Only ▁ and ▁<▁> hold both a mark and an escaped mark; the mark is then at the start.
        string text = string.Concat(tokens.Select(token => token.EndsWith(EscapedMark, StringComparison.Ordinal)
            ? token[..^EscapedMark.Length].Replace(SpaceMark, " ", StringComparison.Ordinal) + SpaceMark
            : token.Replace(SpaceMark, " ", StringComparison.Ordinal)));
        return text.StartsWith(' ') ? text[1..] : text;
    }

    /// <summary>
    /// All characters that occur at least <paramref name="minimumFrequency"/> times, the frequent ones first, then all merged
    /// symbols. Nothing that <see cref="Tokenize"/> gives is unknown but rare characters.
    /// </summary>
    public Vocabulary BuildVocabulary(IEnumerable<string> lines, int minimumFrequency)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minimumFrequency);
        var counts = new Dictionary<string, int>();
        foreach ((Piece piece, int count) in CountPieces(lines, LowerCase))
        {
            foreach (string symbol in Symbols(piece)) counts[symbol] = counts.GetValueOrDefault(symbol) + count;
        }
        // Two merges can give the same symbol: a + bc and ab + c.
        return new Vocabulary(Vocabulary.MostFrequentFirst(counts, minimumFrequency).Concat(merges.Select(merge => merge.Result)).Distinct());
    }

    /// <inheritdoc/>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write($"{Header}\n{TokenizerFile.CaseLine(LowerCase)}\nmerges {merges.Count}\n");
        foreach (Merge merge in merges) writer.Write($"{merge.Left} {merge.Right}\n");
    }

    /// <inheritdoc/>
    public override string ToString() => $"byte-pair encoding, {MergeCount} merges{(LowerCase ? ", lower-cased" : "")}";

    private static List<Piece> Scan(string line, bool lowerCase) => WordScanner.Scan(lowerCase ? UnicodeText.ToLower(line) : line);

    private static Dictionary<Piece, int> CountPieces(IEnumerable<string> lines, bool lowerCase)
    {
        var counts = new Dictionary<Piece, int>();
        foreach (string line in lines)
        {
            foreach (Piece piece in Scan(line, lowerCase)) counts[piece] = counts.GetValueOrDefault(piece) + 1;
        }
        return counts;
    }

    private static List<string> Symbols(Piece piece)
    {
        var symbols = new List<string>();
        if (piece.AfterSpace) symbols.Add(SpaceMark);
        for (int i = 0; i < piece.Text.Length;)
        {
            int length = char.IsSurrogatePair(piece.Text, i) ? 2 : 1;
            string character = piece.Text.Substring(i, length);
            symbols.Add(character == SpaceMark ? EscapedMark : character);
            i += length;
        }
        return symbols;
    }

    private string[] Encode(Piece piece)
    {
        if (cache.TryGetValue(piece, out string[]? known)) return known;
        string[] tokens = Merged(Symbols(piece));
        if (piece.Text.Length <= LongestCachedWord && cache.Count < LargestCache) cache.TryAdd(piece, tokens);
        return tokens;
    }

    private string[] Merged(List<string> symbols)
    {
        while (symbols.Count > 1)
        {
            int first = int.MaxValue;
            for (int i = 1; i < symbols.Count; i++)
                first = Math.Min(first, ranks.GetValueOrDefault(new Merge(symbols[i - 1], symbols[i]), int.MaxValue));
            if (first == int.MaxValue) break;
            BytePairLearner.Replace(symbols, merges[first].Left, merges[first].Right, merges[first].Result);
        }
        return [.. symbols];
    }
}
