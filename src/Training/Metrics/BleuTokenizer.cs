using System.Text.RegularExpressions;
using Transformer.Training.Data;

namespace Transformer.Training.Metrics;

/// <summary>The tokens that BLEU counts.</summary>
internal static partial class BleuTokenizer
{
    public static IReadOnlyList<string> Tokenize(string line, BleuTokenization tokenization, bool lowerCase)
    {
        string text = lowerCase ? UnicodeText.ToLower(line) : line;
        return tokenization switch
        {
            BleuTokenization.ThirteenA => ThirteenA(UnicodeText.TrimEnd(text)),
            BleuTokenization.None => UnicodeText.SplitAtSpaces(text),
            BleuTokenization.Tokens => Words(text),
            _ => throw new ArgumentOutOfRangeException(nameof(tokenization), tokenization, "no such tokenization"),
        };
    }

    // mteval-v13a: symbols stand alone, a period or comma too unless it is between digits, a dash too after a digit.
    private static List<string> ThirteenA(string line)
    {
        string text = line
            .Replace("<skipped>", "", StringComparison.Ordinal)
            .Replace("-\n", "", StringComparison.Ordinal)
            .Replace("\n", " ", StringComparison.Ordinal)
            .Replace("&quot;", "\"", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal);
        // The spaces around let a mark at the start or the end have a neighbour that is not a digit.
        text = Symbol().Replace($" {text} ", " $0 ");
        text = StopAfterNonDigit().Replace(text, "$1 $2 ");
        text = StopBeforeNonDigit().Replace(text, " $1 $2");
        text = DashAfterDigit().Replace(text, "$1 $2 ");
        return UnicodeText.SplitAtSpaces(text);
    }

    // All of ASCII's marks but ' , - and the full stop: { | } ~, [ \ ] ^ _ `, space to &, ( ) * +, : to @, /.
    [GeneratedRegex(@"[{-~\[-` -&(-+:-@/]")]
    private static partial Regex Symbol();

    [GeneratedRegex(@"([^0-9])([.,])")]
    private static partial Regex StopAfterNonDigit();

    [GeneratedRegex(@"([.,])([^0-9])")]
    private static partial Regex StopBeforeNonDigit();

    [GeneratedRegex(@"([0-9])(-)")]
    private static partial Regex DashAfterDigit();

    // A model's <unk> is one token, so that scoring the text and scoring the tokens agree.
    private static List<string> Words(string text)
    {
        var tokens = new List<string>();
        string[] parts = text.Split(Vocabulary.UnknownToken);
        for (int i = 0; i < parts.Length; i++)
        {
            if (i > 0) tokens.Add(Vocabulary.UnknownToken);
            tokens.AddRange(WordScanner.Scan(parts[i]).Select(piece => piece.Text));
        }
        return tokens;
    }
}
