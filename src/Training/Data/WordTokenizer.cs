using System.Diagnostics;

namespace Transformer.Training.Data;

/// <summary>
/// Words and punctuation marks: the matches of <c>\w+|[^\w\s]</c> as Python's <c>re</c> finds them, after <c>str.lower</c>
/// where asked for. A combining mark is a token of its own, as it is in Python; text in composed form (NFC) has few.
/// </summary>
/// <param name="lowerCase">Whether the text is lower-cased first.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class WordTokenizer(bool lowerCase) : ITokenizer
{
    internal const string Header = "word-tokenizer 1";

    /// <summary>Whether the text is lower-cased first.</summary>
    public bool LowerCase => lowerCase;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tokenize(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return WordScanner.Scan(lowerCase ? UnicodeText.ToLower(line) : line).ConvertAll(piece => piece.Text);
    }

    /// <summary>
    /// Readable text: punctuation stands where English and German set it. What <see cref="Tokenize"/> dropped is guessed, so
    /// the spaces can differ from the original, but tokenizing the result gives the same tokens again.
    /// </summary>
    public string Join(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return WordJoiner.Join([.. tokens]);
    }

    /// <inheritdoc/>
    public Vocabulary BuildVocabulary(IEnumerable<string> lines, int minimumFrequency)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return Vocabulary.Build(lines.Select(Tokenize), minimumFrequency);
    }

    /// <inheritdoc/>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write($"{Header}\n{TokenizerFile.CaseLine(lowerCase)}\n");
    }

    /// <inheritdoc/>
    public override string ToString() => lowerCase ? "words, lower-cased" : "words";
}
