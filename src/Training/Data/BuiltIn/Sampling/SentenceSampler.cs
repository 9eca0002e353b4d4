using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Words;

namespace Transformer.Training.Data.BuiltIn.Sampling;

/// <summary>Draws sentences: statements, questions, and sentences with a subordinate clause.</summary>
internal sealed class SentenceSampler
{
    private readonly RandomStream random;
    private readonly NounPhraseSampler nouns;
    private readonly ClauseSampler clauses;
    private readonly QuestionSampler questions;
    private readonly ComplexSentenceSampler complex;

    public SentenceSampler(RandomStream random)
    {
        this.random = random;
        nouns = new NounPhraseSampler(random);
        clauses = new ClauseSampler(random, nouns);
        questions = new QuestionSampler(random, nouns, clauses);
        complex = new ComplexSentenceSampler(random, nouns, clauses);
    }

    public Sentence Next() => random.PickWeighted([44, 5, 8, 9, 10, 8, 8, 8]) switch
    {
        0 => Statement(),
        1 => Description(),
        2 => questions.YesNo(),
        3 => questions.WithQuestionWord(),
        4 => complex.Reason(),
        5 => complex.Whenever(),
        6 => complex.Reported(),
        _ => complex.WithRelativeClause(),
    };

    // Der Mann liest …, Gestern hat der Mann …, Im Garten liest der Mann …
    private Sentence Statement()
    {
        Clause clause = clauses.Any(Subject());
        if (random.Chance(14))
            ClauseSampler.Negate(clause);
        if (clause.Time is not null && random.Chance(42))
            clause.Front = Front.Time;
        else if (clause.Place is not null && !clause.IsNegated && clause.Verb.Aktionsart != Aktionsart.State && random.Chance(28))
            clause.Front = Front.Place;
        return new Sentence(clause);
    }

    // Die Lampe ist sehr schön.
    private Sentence Description()
    {
        Noun noun = random.Pick(Lexicon.Nouns);
        while (nouns.AdjectiveFor(noun) is null)
            noun = random.Pick(Lexicon.Nouns);
        NounPhrase subject = nouns.Of(noun, random.Chance(50) ? Determiner.My : Determiner.Our, ObjectStyle.Definite);
        Adjective adjective = nouns.AdjectiveFor(noun)!;
        // One adjective is enough: the old sons cannot be young. Milk in general is not cold: this milk is.
        Determiner determiner = subject.Determiner == Determiner.None ? Determiner.Demonstrative : subject.Determiner;
        subject = new NounPhrase(determiner, null, noun, subject.Number);
        Clause clause = clauses.Copula(subject, adjective, random.Chance(40));
        clause.IsNegated = random.Chance(20);
        return new Sentence(clause);
    }

    private Nominal Subject() => random.Chance(28)
        ? nouns.SubjectPronoun(isQuestion: false)
        : nouns.Person(nouns.OwnerFor(null));
}
