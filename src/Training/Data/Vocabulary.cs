using System.Diagnostics;

namespace Transformer.Training.Data;

/// <summary>
/// The tokens that a model knows, numbered from 0; the first four are <c>&lt;pad&gt; &lt;bos&gt; &lt;eos&gt; &lt;unk&gt;</c>.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Vocabulary
{
    /// <summary>The number of <c>&lt;pad&gt;</c>, which fills a short sentence up in a batch.</summary>
    public const int Padding = 0;

    /// <summary>The number of <c>&lt;bos&gt;</c>, the decoder's first input.</summary>
    public const int Begin = 1;

    /// <summary>The number of <c>&lt;eos&gt;</c>, the last token of every sentence.</summary>
    public const int End = 2;

    /// <summary>The number of <c>&lt;unk&gt;</c>, which stands for every unknown token.</summary>
    public const int Unknown = 3;

    /// <summary>The text of <c>&lt;unk&gt;</c>.</summary>
    public const string UnknownToken = "<unk>";

    private static readonly string[] Specials = ["<pad>", "<bos>", "<eos>", UnknownToken];

    private readonly List<string> tokens = [.. Specials];
    private readonly Dictionary<string, int> indexByToken = [];

    /// <summary>The specials, then the given words in their order.</summary>
    /// <param name="words">Distinct, not empty, without white space, and none of the specials.</param>
    /// <exception cref="ArgumentException">A word breaks one of these rules; the message names it.</exception>
    public Vocabulary(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        tokens.AddRange(words);
        for (int i = 0; i < tokens.Count; i++)
        {
            string token = tokens[i];
            if (string.IsNullOrEmpty(token)) throw new ArgumentException($"token {i} is empty", nameof(words));
            if (UnicodeText.SplitAtSpaces(token) is not [string only] || only != token)
                throw new ArgumentException($"token {i} has white space in it: '{token.ReplaceLineEndings(" ")}'", nameof(words));
            if (!indexByToken.TryAdd(token, i))
                throw new ArgumentException($"tokens {indexByToken[token]} and {i} are both '{token}'", nameof(words));
        }
    }

    /// <summary>How many tokens there are, specials included.</summary>
    public int Count => tokens.Count;

    /// <summary>All tokens in order, specials included.</summary>
    public IReadOnlyList<string> Tokens => tokens;

    /// <summary>The token with this number.</summary>
    public string this[int index] => tokens[index];

    /// <summary>
    /// The tokens that occur at least <paramref name="minimumFrequency"/> times, the frequent ones first, equally frequent ones
    /// by their code points. Specials that occur in the text are not counted: text must not forge them.
    /// </summary>
    public static Vocabulary Build(IEnumerable<IReadOnlyList<string>> sentences, int minimumFrequency)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minimumFrequency);
        var counts = new Dictionary<string, int>();
        foreach (IReadOnlyList<string> sentence in sentences)
        {
            foreach (string token in sentence) counts[token] = counts.GetValueOrDefault(token) + 1;
        }
        foreach (string special in Specials) counts.Remove(special);
        return new Vocabulary(MostFrequentFirst(counts, minimumFrequency));
    }

    internal static IEnumerable<string> MostFrequentFirst(Dictionary<string, int> counts, int minimumFrequency) => counts
        .Where(entry => entry.Value >= minimumFrequency)
        .OrderByDescending(entry => entry.Value)
        .ThenBy(entry => entry.Key, CodePointOrder.Instance)
        .Select(entry => entry.Key);

    /// <summary>The token's number, or <see cref="Unknown"/>, also for the text of a special.</summary>
    public int IndexOf(string token) =>
        indexByToken.TryGetValue(token, out int index) && index >= Specials.Length ? index : Unknown;

    /// <summary>The numbers of the tokens, then <see cref="End"/>.</summary>
    public int[] Encode(IReadOnlyList<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var encoded = new int[tokens.Count + 1];
        for (int i = 0; i < tokens.Count; i++) encoded[i] = IndexOf(tokens[i]);
        encoded[^1] = End;
        return encoded;
    }

    /// <summary>The tokens up to the first <see cref="End"/>, without padding and begin marks; unknown ones are <c>&lt;unk&gt;</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not one of this vocabulary.</exception>
    public IReadOnlyList<string> Decode(ReadOnlySpan<int> indices)
    {
        var decoded = new List<string>(indices.Length);
        foreach (int index in indices)
        {
            if (index == End) break;
            if (index is not (Padding or Begin)) decoded.Add(tokens[index]);
        }
        return decoded;
    }

    /// <summary>Writes a text file with one token a line, token n in line n + 1.</summary>
    /// <exception cref="DataFileException">The file cannot be written.</exception>
    public void Save(string path) => TextFile.Write(path, Write);

    /// <summary>Writes what <see cref="Save"/> puts into its file.</summary>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (string token in tokens) writer.Write(token + "\n");
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataFileException">The file cannot be read, does not begin with the four specials, or has a token
    /// that is empty, has white space in it or came before.</exception>
    public static Vocabulary Load(string path) => Read(path, TextFile.ReadLines(path));

    /// <summary>The same from lines that stand in another file under this name.</summary>
    internal static Vocabulary Read(string name, IReadOnlyList<string> lines)
    {
        if (!lines.Take(Specials.Length).SequenceEqual(Specials))
            throw new DataFileException($"{name}: a vocabulary begins with the lines {string.Join(' ', Specials)}");
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].Length == 0) throw new DataFileException($"{name}: line {i + 1} is empty");
        }
        try
        {
            return new Vocabulary(lines.Skip(Specials.Length));
        }
        catch (ArgumentException error)
        {
            throw new DataFileException($"{name}: {error.Message.Split(" (Parameter")[0]}", error);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"vocabulary of {Count} tokens";
}
