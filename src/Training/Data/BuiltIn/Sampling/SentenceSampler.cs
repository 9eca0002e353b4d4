using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Words;

namespace Transformer.Training.Data.BuiltIn.Sampling;

/// <summary>Draws sentences: statements, questions, and sentences with a subordinate clause.</summary>
internal sealed class SentenceSampler
{
    private readonly RandomStream _random;
    private readonly NounPhraseSampler _nouns;
    private readonly ClauseSampler _clauses;
    private readonly QuestionSampler _questions;
    private readonly ComplexSentenceSampler _complex;

    public SentenceSampler(RandomStream random)
    {
        _random = random;
        _nouns = new NounPhraseSampler(random);
        _clauses = new ClauseSampler(random, _nouns);
        _questions = new QuestionSampler(random, _nouns, _clauses);
        _complex = new ComplexSentenceSampler(random, _nouns, _clauses);
    }

    public Sentence Next() => _random.PickWeighted([44, 5, 8, 9, 10, 8, 8, 8]) switch
    {
        0 => Statement(),
        1 => Description(),
        2 => _questions.YesNo(),
        3 => _questions.WithQuestionWord(),
        4 => _complex.Reason(),
        5 => _complex.Whenever(),
        6 => _complex.Reported(),
        _ => _complex.WithRelativeClause(),
    };

    // Der Mann liest …, Gestern hat der Mann …, Im Garten liest der Mann …
    private Sentence Statement()
    {
        Clause clause = _clauses.Any(Subject());
        if (_random.Chance(14))
            ClauseSampler.Negate(clause);
        if (clause.Time is not null && _random.Chance(42))
            clause.Front = Front.Time;
        else if (clause.Place is not null && !clause.IsNegated && clause.Verb.Aktionsart != Aktionsart.State && _random.Chance(28))
            clause.Front = Front.Place;
        return new Sentence(clause);
    }

    // Die Lampe ist sehr schön.
    private Sentence Description()
    {
        Noun noun = _random.Pick(Lexicon.Nouns);
        while (_nouns.AdjectiveFor(noun) is null)
            noun = _random.Pick(Lexicon.Nouns);
        NounPhrase subject = _nouns.Of(noun, _random.Chance(50) ? Determiner.My : Determiner.Our, ObjectStyle.Definite);
        Adjective adjective = _nouns.AdjectiveFor(noun)!;
        // One adjective is enough: the old sons cannot be young. Milk in general is not cold: this milk is.
        Determiner determiner = subject.Determiner == Determiner.None ? Determiner.Demonstrative : subject.Determiner;
        subject = new NounPhrase(determiner, null, noun, subject.Number);
        Clause clause = _clauses.Copula(subject, adjective, _random.Chance(40));
        clause.IsNegated = _random.Chance(20);
        return new Sentence(clause);
    }

    private Nominal Subject() => _random.Chance(28)
        ? _nouns.SubjectPronoun(isQuestion: false)
        : _nouns.Person(_nouns.OwnerFor(null));
}
