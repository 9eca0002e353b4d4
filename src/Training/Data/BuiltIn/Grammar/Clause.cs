using Transformer.Training.Data.BuiltIn.Words;

namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>What stands before the finite verb of a German main clause.</summary>
internal enum Front
{
    Subject,
    Time,
    Place,

    /// <summary>The accusative, in questions: was, wen, welches Buch.</summary>
    Object,

    /// <summary>wo, wann, warum, wohin.</summary>
    QuestionAdverb,

    /// <summary>Nothing: yes/no questions, and main clauses after a subordinate clause, which is itself the first constituent.</summary>
    None,
}

/// <summary>A question adverb.</summary>
internal sealed record QuestionAdverb(string German, string English)
{
    public static readonly QuestionAdverb Where = new("wo", "where");
    public static readonly QuestionAdverb WhereTo = new("wohin", "where");
    public static readonly QuestionAdverb When = new("wann", "when");
    public static readonly QuestionAdverb Why = new("warum", "why");
}

/// <summary>A subordinating conjunction.</summary>
internal sealed record Conjunction(string German, string English)
{
    public static readonly Conjunction Because = new("weil", "because");
    public static readonly Conjunction Although = new("obwohl", "although");
    public static readonly Conjunction When = new("wenn", "when");
    public static readonly Conjunction That = new("dass", "that");
    public static readonly Conjunction Whether = new("ob", "whether");
}

/// <summary>A predicate adjective, which has no ending in German: sehr müde.</summary>
internal sealed class Predicate(Adjective adjective, bool isIntense)
{
    public Adjective Adjective { get; } = adjective;

    public void Append(List<Token> output, bool german)
    {
        if (isIntense)
            output.Add(new Token(german ? "sehr" : "very", new Link(this, Part.Intensifier)));
        output.Add(new Token(german ? Adjective.German : Adjective.English, new Link(this, Part.Adjective)));
    }
}

/// <summary>
/// What a clause says, before either language puts it into words. <see cref="GermanClause"/> and
/// <see cref="EnglishClause"/> both read this tree; that is why the German sentence determines the English one.
/// </summary>
internal sealed class Clause(Nominal subject, Verb verb)
{
    public Nominal Subject { get; set; } = subject;

    public Verb Verb { get; set; } = verb;

    public Tense Tense { get; set; }

    public Modal? Modal { get; set; }

    public Nominal? Accusative { get; set; }

    public Nominal? Dative { get; set; }

    public Predicate? Predicate { get; set; }

    public TimeExpression? Time { get; set; }

    public Frequency? Frequency { get; set; }

    /// <summary>mit or für and a person.</summary>
    public PrepositionalPhrase? Companion { get; set; }

    public PrepositionalPhrase? Place { get; set; }

    public PrepositionalPhrase? Goal { get; set; }

    public QuestionAdverb? QuestionAdverb { get; set; }

    /// <summary>With nicht, or with kein where the object is negative.</summary>
    public bool IsNegated { get; set; }

    /// <summary>In sentences with wenn (whenever): the English present is simple.</summary>
    public bool IsHabitual { get; set; }

    public bool IsQuestion { get; set; }

    public Front Front { get; set; }

    public Conjunction? Conjunction { get; set; }

    /// <summary>The relative pronoun, which is also the subject or the accusative, if this is a relative clause.</summary>
    public Nominal? Gap { get; set; }

    /// <summary>Whether kein carries the negation, so that nicht is not used.</summary>
    public bool HasNegativeObject => Accusative is NounPhrase { Determiner: Determiner.Negative };
}
