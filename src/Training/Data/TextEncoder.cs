namespace Transformer.Training.Data;

/// <summary>From the text of one language to the numbers that a model takes, and back.</summary>
/// <param name="tokenizer">Cuts and joins.</param>
/// <param name="vocabulary">Numbers the tokens.</param>
public sealed class TextEncoder(ITokenizer tokenizer, Vocabulary vocabulary)
{
    /// <summary>Cuts and joins.</summary>
    public ITokenizer Tokenizer => tokenizer;

    /// <summary>Numbers the tokens.</summary>
    public Vocabulary Vocabulary => vocabulary;

    /// <summary>The numbers of a line's tokens, then <see cref="Vocabulary.End"/>.</summary>
    public int[] Encode(string line) => vocabulary.Encode(tokenizer.Tokenize(line));

    /// <summary>Readable text from the numbers up to the first <see cref="Vocabulary.End"/>.</summary>
    public string Decode(ReadOnlySpan<int> indices) => tokenizer.Join(vocabulary.Decode(indices));
}
