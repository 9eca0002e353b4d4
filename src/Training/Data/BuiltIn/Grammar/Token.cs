namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>The share of a node of the tree that a token expresses.</summary>
internal enum Part
{
    Determiner,
    Adjective,
    Intensifier,
    Noun,
    Pronoun,
    Preposition,
    Auxiliary,
    Verb,
    Particle,
    Modal,
    Negation,
    Frequency,
    Time,
    Conjunction,
    Question,
    Comma,
    End,
}

/// <summary>
/// What a token stands for: a node of the tree, the part of it and, in fixed phrases, the place of the word in the
/// phrase. A German and an English token are aligned exactly if they share a link.
/// </summary>
internal readonly struct Link(object node, Part part, int position = 0)
{
    public object Node { get; } = node;

    public Part Part { get; } = part;

    public int Position { get; } = position;

    public bool Matches(Link other) =>
        ReferenceEquals(Node, other.Node) && Part == other.Part && Position == other.Position;
}

/// <summary>One word or punctuation mark of a sentence with what it stands for.</summary>
internal sealed class Token(string text, params Link[] links)
{
    public string Text { get; } = text;

    public ReadOnlySpan<Link> Links => links;

    /// <summary>Whether this is the finite (conjugated) verb of its clause.</summary>
    public bool IsFinite { get; init; }

    public bool IsAlignedWith(Token other)
    {
        foreach (Link link in Links)
        {
            foreach (Link otherLink in other.Links)
            {
                if (link.Matches(otherLink))
                    return true;
            }
        }

        return false;
    }

    public override string ToString() => Text;
}
