using System.Globalization;
using System.Text;

namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>A main clause, perhaps with a subordinate clause before or after it.</summary>
internal sealed class Sentence(Clause main, Clause? subordinate = null, bool subordinateFirst = false)
{
    public Clause Main { get; } = main;

    public Clause? Subordinate { get; } = subordinate;

    public bool SubordinateFirst { get; } = subordinateFirst;

    public IReadOnlyList<Token> German()
    {
        var output = new List<Token>();
        if (Subordinate is not null && SubordinateFirst)
        {
            // The subordinate clause is the first constituent, so the finite verb follows its comma.
            GermanClause.AppendSubordinate(output, Subordinate);
            output.Add(Comma());
        }

        GermanClause.AppendMain(output, Main);
        if (Subordinate is not null && !SubordinateFirst)
        {
            output.Add(new Token(","));
            GermanClause.AppendSubordinate(output, Subordinate);
        }

        return Finish(output);
    }

    public IReadOnlyList<Token> English()
    {
        var output = new List<Token>();
        if (Subordinate is not null && SubordinateFirst)
        {
            EnglishClause.Append(output, Subordinate);
            output.Add(Comma());
        }

        EnglishClause.Append(output, Main);
        if (Subordinate is not null && !SubordinateFirst)
            EnglishClause.Append(output, Subordinate);
        return Finish(output);
    }

    public AlignedPair ToPair()
    {
        IReadOnlyList<Token> german = German();
        IReadOnlyList<Token> english = English();
        var alignment = new List<(int Source, int Target)>();
        for (int i = 0; i < german.Count; i++)
        {
            for (int j = 0; j < english.Count; j++)
            {
                if (german[i].IsAlignedWith(english[j]))
                    alignment.Add((i, j));
            }
        }

        return new AlignedPair(Text(german), Text(english), alignment);
    }

    private Token Comma() => new(",", new Link(this, Part.Comma));

    // The comma that closes a relative clause is not written before another mark.
    private List<Token> Finish(List<Token> tokens)
    {
        tokens.Add(new Token(Main.IsQuestion ? "?" : ".", new Link(this, Part.End)));
        for (int i = tokens.Count - 2; i >= 0; i--)
        {
            if (tokens[i].Text == "," && tokens[i + 1].Text is ("," or "." or "?"))
                tokens.RemoveAt(i);
        }

        Token first = tokens[0];
        string capitalized = char.ToUpper(first.Text[0], CultureInfo.InvariantCulture) + first.Text[1..];
        tokens[0] = new Token(capitalized, [.. first.Links]) { IsFinite = first.IsFinite };
        return tokens;
    }

    private static string Text(IReadOnlyList<Token> tokens)
    {
        var text = new StringBuilder();
        foreach (Token token in tokens)
        {
            if (text.Length > 0 && char.IsLetter(token.Text[0]))
                text.Append(' ');
            text.Append(token.Text);
        }

        return text.ToString();
    }
}
