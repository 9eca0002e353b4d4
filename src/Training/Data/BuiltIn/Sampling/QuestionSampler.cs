using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Words;

namespace Transformer.Training.Data.BuiltIn.Sampling;

/// <summary>Draws questions.</summary>
internal sealed class QuestionSampler(RandomStream random, NounPhraseSampler nouns, ClauseSampler clauses)
{
    /// <summary>Yes/no questions begin with the finite verb: Liest der Mann …?</summary>
    public Sentence YesNo()
    {
        Clause clause = clauses.Any(Subject());
        clause.IsQuestion = true;
        clause.Front = Front.None;
        return new Sentence(clause);
    }

    /// <summary>The question word is the first constituent: Was, Wen, Welches Buch, Wo, Wann, Warum, Wohin, Wer.</summary>
    public Sentence WithQuestionWord()
    {
        Clause clause = random.Below(7) switch
        {
            0 => What(),
            1 => Which(),
            2 => Where(),
            3 => When(),
            4 => WhereTo(),
            5 => Adverb(clauses.Any(Subject()), QuestionAdverb.Why),
            _ => clauses.Any(new QuestionPronoun(isPerson: true)),
        };
        clause.IsQuestion = true;
        return new Sentence(clause);
    }

    private Clause What()
    {
        Clause clause = clauses.DatedTransitive(Subject());
        bool isPerson = clause.Accusative is Pronoun or NounPhrase { Noun.Kind: Kind.Person };
        clause.Accusative = new QuestionPronoun(isPerson);
        clause.Front = Front.Object;
        return clause;
    }

    // Only things: Welche Frau besucht das Kind? could be asked about either.
    private Clause Which()
    {
        Clause clause = clauses.DatedTransitive(Subject());
        while (clause.Accusative is not NounPhrase { Noun: { Kind: not (Kind.Person or Kind.Animal), Count: Count.Countable } })
            clause = clauses.DatedTransitive(Subject());
        var thing = (NounPhrase)clause.Accusative;
        Number number = random.Chance(25) ? Number.Plural : Number.Singular;
        clause.Accusative = new NounPhrase(Determiner.Interrogative, thing.Adjective, thing.Noun, number);
        clause.Front = Front.Object;
        return clause;
    }

    private Clause Where()
    {
        Clause clause = clauses.Local(Subject());
        while (clause.Verb.Infinitive is "bleiben")
            clause = clauses.Local(Subject());
        clause.Place = null;
        return Adverb(clause, QuestionAdverb.Where);
    }

    private Clause WhereTo()
    {
        Clause clause = clauses.Motion(Subject());
        while (clause.Verb.Infinitive is "kommen" or "zurückkehren")
            clause = clauses.Motion(Subject());
        clause.Goal = null;
        return Adverb(clause, QuestionAdverb.WhereTo);
    }

    // Not with the plain present: wann liest er? asks about the future or about a habit.
    private Clause When()
    {
        Clause clause = clauses.Any(Subject());
        while ((clause.Tense == Tense.Present && clause.Modal is null) || clause.Verb.Aktionsart == Aktionsart.State
            || clause.Frequency is not null)
            clause = clauses.Any(Subject());
        clause.Time = null;
        return Adverb(clause, QuestionAdverb.When);
    }

    private static Clause Adverb(Clause clause, QuestionAdverb adverb)
    {
        clause.QuestionAdverb = adverb;
        clause.Front = Front.QuestionAdverb;
        return clause;
    }

    private Nominal Subject() => random.Chance(50)
        ? nouns.SubjectPronoun(isQuestion: true)
        : nouns.Person(random.Chance(50) ? Determiner.Your : Determiner.My, definite: true);
}
