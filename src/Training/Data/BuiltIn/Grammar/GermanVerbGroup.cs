using Transformer.Training.Data.BuiltIn.Words;

namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>The finite verb and the right bracket of a German clause.</summary>
/// <param name="Finite">The verb that agrees with the subject.</param>
/// <param name="RightBracket">Prefix, participle or infinitive: what stays at the end of a main clause.</param>
internal sealed record GermanVerbGroup(Token Finite, IReadOnlyList<Token> RightBracket)
{
    public static GermanVerbGroup Of(Clause clause, bool isSubordinate)
    {
        Verb verb = clause.Verb;
        Person person = clause.Subject.Person;
        Number number = clause.Subject.Number;
        var auxiliary = new Link(clause, Part.Auxiliary);
        var lexical = new Link(clause, Part.Verb);
        var particle = new Link(clause, Part.Particle);

        // will … lesen, wird … anrufen: the infinitive is not split.
        if (clause.Modal is { } modal)
        {
            string form = clause.Tense == Tense.Preterite
                ? modal.PreteriteForm(person, number)
                : modal.PresentForm(person, number);
            return new(Conjugated(form, new Link(clause, Part.Modal)), [new Token(verb.Infinitive, lexical, particle)]);
        }

        // hat … gelesen, ist … angekommen
        if (clause.Tense == Tense.Perfect)
        {
            Verb helper = verb.TakesSein ? IntransitiveVerbs.Be : IntransitiveVerbs.Have;
            return new(Conjugated(helper.PresentForm(person, number), auxiliary), [new Token(verb.Participle, lexical, particle)]);
        }

        string finite = clause.Tense == Tense.Preterite
            ? verb.PreteriteForm(person, number)
            : verb.PresentForm(person, number);
        if (verb.Prefix.Length == 0)
            return new(Conjugated(finite, auxiliary, lexical, particle), []);

        // A separable prefix leaves the finite verb in main clauses (ruft … an) and joins it at the end (anruft).
        return isSubordinate
            ? new(Conjugated(verb.Prefix + finite, auxiliary, lexical, particle), [])
            : new(Conjugated(finite, auxiliary, lexical), [new Token(verb.Prefix, particle)]);
    }

    private static Token Conjugated(string text, params Link[] links) => new(text, links) { IsFinite = true };
}
