using Transformer.Training.Data.BuiltIn.Words;

namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>
/// The verbs of an English clause. The first one is an operator (be, can, will, do …) wherever the clause is negated or
/// inverted: that is the rule of do-support.
/// </summary>
/// <param name="Operator">The word before the subject of a question and before not, or null.</param>
/// <param name="Rest">The other verbs, the main verb last.</param>
internal sealed record EnglishVerbGroup(Token? Operator, IReadOnlyList<Token> Rest)
{
    public static EnglishVerbGroup Of(Clause clause, bool needsOperator)
    {
        bool isFirstSingular = clause.Subject is { Person: Person.First, Number: Number.Singular };
        bool isThirdSingular = clause.Subject is { Person: Person.Third, Number: Number.Singular };
        string Be(bool past) => past
            ? isFirstSingular || isThirdSingular ? "was" : "were"
            : isFirstSingular ? "am" : isThirdSingular ? "is" : "are";
        string Do(bool past) => past ? "did" : isThirdSingular ? "does" : "do";

        // English words without a particle of their own take the link of a German prefix: ruft … an, calls.
        Verb verb = clause.Verb;
        var auxiliary = new Link(clause, Part.Auxiliary);
        Link[] lexical = verb.EnglishParticle.Length > 0
            ? [new Link(clause, Part.Verb)]
            : [new Link(clause, Part.Verb), new Link(clause, Part.Particle)];

        if (clause.Modal is { } modal)
            return OfModal(clause, modal, new Token(verb.EnglishBase, lexical), Be, Do, isThirdSingular, needsOperator);

        // The German perfect and preterite are both the English simple past.
        bool past = clause.Tense is Tense.Perfect or Tense.Preterite;
        if (verb == IntransitiveVerbs.Be)
            return new(new Token(Be(past), [auxiliary, .. lexical]), []);

        // er kommt morgen → he will come tomorrow
        if (!past && clause.Time?.Class == TimeClass.Future)
            return new(new Token("will", auxiliary), [new Token(verb.EnglishBase, lexical)]);

        // er liest → he is reading, unless a state or a habit
        bool isSimple = past || verb.Aktionsart == Aktionsart.State || clause.IsHabitual || clause.Frequency is not null
            || clause.Time?.Class == TimeClass.Habit;
        if (!isSimple)
            return new(new Token(Be(past: false), auxiliary), [new Token(verb.EnglishProgressive, lexical)]);
        if (needsOperator)
            return new(new Token(Do(past), auxiliary), [new Token(verb.EnglishBase, lexical)]);
        string form = past ? verb.EnglishPast : isThirdSingular ? verb.EnglishThird : verb.EnglishBase;
        return new(null, [new Token(form, [auxiliary, .. lexical])]);
    }

    private static EnglishVerbGroup OfModal(
        Clause clause, Modal modal, Token main, Func<bool, string> be, Func<bool, string> @do, bool isThirdSingular,
        bool needsOperator)
    {
        bool past = clause.Tense == Tense.Preterite;
        var link = new Link(clause, Part.Modal);
        string[] words = modal.English.Split(' ');
        Token[] rest = [.. words[1..].Select(word => new Token(word, link)), main];
        switch (words[0])
        {
            case "be":
                return new(new Token(be(past), link), rest);
            case "have" or "want" when needsOperator:
                return new(new Token(@do(past), link), [new Token(words[0], link), .. rest]);
            case "have" or "want":
                string form = past ? modal.EnglishPast!.Split(' ')[0]
                    : !isThirdSingular ? words[0]
                    : words[0] == "have" ? "has" : "wants";
                return new(null, [new Token(form, link), .. rest]);
            default:
                return new(new Token(past ? modal.EnglishPast! : words[0], link), rest);
        }
    }
}
