namespace Transformer.Training.Data;

/// <summary>
/// Cuts text into tokens and joins tokens to text again. Safe to use from several threads.
/// Written and read back by <see cref="TokenizerFile"/>.
/// </summary>
public interface ITokenizer
{
    /// <summary>The tokens of a line, in order. A token is never empty and has no white space in it.</summary>
    IReadOnlyList<string> Tokenize(string line);

    /// <summary>Readable text from tokens.</summary>
    string Join(IEnumerable<string> tokens);

    /// <summary>The vocabulary that belongs to this tokenizer on this text.</summary>
    /// <param name="lines">The training text (of both languages, where they share one vocabulary).</param>
    /// <param name="minimumFrequency">What is seen less often is left to <c>&lt;unk&gt;</c>.</param>
    Vocabulary BuildVocabulary(IEnumerable<string> lines, int minimumFrequency);

    /// <summary>Writes everything that is needed to make the same tokenizer again.</summary>
    void Write(TextWriter writer);
}
