using System.Text;

namespace Transformer.Training.Data;

/// <summary>Sets the spaces between words and punctuation marks as English and German do.</summary>
internal static class WordJoiner
{
    private static readonly HashSet<string> Closing = [".", ",", "!", "?", ";", ":", ")", "]", "}", "%", "…", "”"];
    private static readonly HashSet<string> Opening = ["(", "[", "{", "„", "$", "£", "#"];
    private static readonly HashSet<string> InsideWords = ["-", "/", "–"];
    private static readonly HashSet<string> Conjunctions = ["und", "oder", "and", "or", "to"]; // Limonade- und Bierdosen
    private static readonly HashSet<string> InsideNumbers = [".", ",", ":"];
    private static readonly HashSet<string> Contractions = ["s", "t", "d", "m", "re", "ve", "ll", "clock"];

    public static string Join(IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        bool quoted = false, lowQuoted = false;
        bool glue = true; // whether the next token follows without a space
        for (int i = 0; i < tokens.Count; i++)
        {
            string token = tokens[i];
            bool left, right; // whether it touches what stands before it and after it
            if (token == "\"")
            {
                (left, right) = (quoted, !quoted);
                quoted = !quoted;
            }
            else if (token == "“")
            {
                // Closes a quotation in German („so“) and opens one in English (“so”).
                (left, right) = (lowQuoted, !lowQuoted);
                lowQuoted = false;
            }
            else
            {
                (left, right) = Touches(tokens, i);
                lowQuoted |= token == "„";
            }
            // Two words that touch would be one.
            bool touching = (glue || left) && !(i > 0 && IsWord(token) && IsWord(tokens[i - 1]));
            if (!touching && i > 0) text.Append(' ');
            text.Append(token);
            glue = right;
        }
        return text.ToString();
    }

    private static (bool Left, bool Right) Touches(IReadOnlyList<string> tokens, int i)
    {
        string token = tokens[i];
        string? before = i > 0 ? tokens[i - 1] : null;
        string? after = i + 1 < tokens.Count ? tokens[i + 1] : null;
        if (InsideNumbers.Contains(token) && IsNumber(before) && IsNumber(after)) return (true, true);
        if (InsideWords.Contains(token) && IsWord(before) && IsWord(after)) return (true, !Conjunctions.Contains(after!));
        if (token is "'" or "’" or "`" or "´") return (true, after is not null && Contractions.Contains(after));
        return (Closing.Contains(token), Opening.Contains(token));
    }

    private static bool IsWord(string? token) =>
        token is not null && (token == Vocabulary.UnknownToken || Rune.TryGetRuneAt(token, 0, out Rune first) && UnicodeText.IsWord(first));

    private static bool IsNumber(string? token) => token is not null && token.All(char.IsAsciiDigit);
}
