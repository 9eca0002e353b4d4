using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Words;

namespace Training.Tests.Data.BuiltIn;

/// <summary>Short names for building trees by hand.</summary>
internal static class Tree
{
    public static readonly Pronoun I = new(Person.First, Number.Singular);
    public static readonly Pronoun You = new(Person.Second, Number.Singular);
    public static readonly Pronoun He = new(Person.Third, Number.Singular);
    public static readonly Pronoun She = new(Person.Third, Number.Singular, Gender.Feminine);
    public static readonly Pronoun It = new(Person.Third, Number.Singular, Gender.Neuter);
    public static readonly Pronoun We = new(Person.First, Number.Plural);
    public static readonly Pronoun YouAll = new(Person.Second, Number.Plural);
    public static readonly Pronoun They = new(Person.Third, Number.Plural);

    public static NounPhrase The(string noun, string? adjective = null) => One(Determiner.Definite, noun, adjective);

    public static NounPhrase A(string noun, string? adjective = null) => One(Determiner.Indefinite, noun, adjective);

    public static NounPhrase No(string noun, string? adjective = null) => One(Determiner.Negative, noun, adjective);

    public static NounPhrase Bare(string noun, string? adjective = null) => One(Determiner.None, noun, adjective);

    public static NounPhrase One(Determiner determiner, string noun, string? adjective = null) =>
        new(determiner, Adjective(adjective), Lexicon.Noun(noun));

    public static NounPhrase Several(Determiner determiner, string noun, string? adjective = null) =>
        new(determiner, Adjective(adjective), Lexicon.Noun(noun), Number.Plural);

    public static Clause Clause(Nominal subject, string verb) =>
        new(subject, verb switch
        {
            "regnen" => IntransitiveVerbs.Rain,
            "schneien" => IntransitiveVerbs.Snow,
            _ => Lexicon.Verb(verb),
        });

    public static Predicate Is(string adjective, bool very = false) => new(Lexicon.Adjective(adjective), very);

    public static TimeExpression Time(string german) => TimeExpressions.All.First(time => time.ToString() == german);

    public static Frequency Often(string german) => Frequency.All.First(frequency => frequency.German == german);

    public static PrepositionalPhrase At(string place, string? adjective = null) =>
        Lexicon.Place(place).Where(PlaceNoun(place, adjective));

    public static PrepositionalPhrase To(string place, string? adjective = null) =>
        Lexicon.Place(place).WhereTo(PlaceNoun(place, adjective));

    public static PrepositionalPhrase With(Nominal person) => new("mit", Case.Dative, "with", person);

    public static PrepositionalPhrase For(Nominal person) => new("für", Case.Accusative, "for", person);

    private static NounPhrase PlaceNoun(string place, string? adjective)
    {
        Noun noun = Lexicon.Place(place).Noun;
        return new(noun.Count == Count.Proper ? Determiner.None : Determiner.Definite, Adjective(adjective), noun);
    }

    private static Adjective? Adjective(string? german) => german is null ? null : Lexicon.Adjective(german);
}
