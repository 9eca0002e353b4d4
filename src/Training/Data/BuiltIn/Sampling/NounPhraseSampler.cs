using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Words;

namespace Transformer.Training.Data.BuiltIn.Sampling;

/// <summary>Draws noun phrases and pronouns.</summary>
internal sealed class NounPhraseSampler(RandomStream random)
{
    private static readonly Determiner[] Numerals = [Determiner.Two, Determiner.Three, Determiner.Four, Determiner.Many];

    /// <summary>A person as subject or object. <paramref name="owner"/> is the possessive that fits the subject.</summary>
    public NounPhrase Person(Determiner owner, Noun? except = null, bool definite = false)
    {
        Noun noun = random.Pick(Lexicon.Persons);
        while (noun == except)
            noun = random.Pick(Lexicon.Persons);
        return Of(noun, owner, definite ? ObjectStyle.Definite : ObjectStyle.Any);
    }

    /// <summary>A noun phrase around a given noun.</summary>
    public NounPhrase Of(Noun noun, Determiner owner, ObjectStyle style)
    {
        if (noun.Count == Count.Proper)
            return new NounPhrase(Determiner.None, null, noun);

        Adjective? adjective = random.Chance(38) ? AdjectiveFor(noun) : null;
        if (noun.Count == Count.Mass)
        {
            bool bare = style == ObjectStyle.Indefinite || noun.Kind == Kind.Abstract || random.Chance(60);
            return new NounPhrase(bare ? Determiner.None : Definite(), adjective, noun);
        }

        if (noun.Ownership == Ownership.Family || noun.Count == Count.SingularOnly)
        {
            bool plural = noun.Count == Count.Countable && random.Chance(20);
            bool indefinite = style == ObjectStyle.Indefinite && noun.Count == Count.Countable;
            Determiner determiner = indefinite ? Determiner.Indefinite : random.Chance(75) ? owner : Determiner.Definite;
            return new NounPhrase(determiner, adjective, noun, plural && !indefinite ? Number.Plural : Number.Singular);
        }

        // singular definite, singular indefinite, possessive, plural definite, numeral, bare plural
        bool isOwned = noun.Ownership == Ownership.Any && IsOwnable(noun);
        ReadOnlySpan<int> weights = style switch
        {
            ObjectStyle.Definite => [50, 0, isOwned ? 25 : 0, 20, 0, 0],
            ObjectStyle.Indefinite => [0, 55, 0, 0, 20, noun.Kind == Kind.Person ? 0 : 25],
            _ => [35, 25, isOwned ? 15 : 0, 13, 8, noun.Kind == Kind.Person ? 0 : 10],
        };
        return random.PickWeighted(weights) switch
        {
            0 => new NounPhrase(Definite(), adjective, noun),
            1 => new NounPhrase(Determiner.Indefinite, adjective, noun),
            2 => new NounPhrase(owner, adjective, noun, random.Chance(20) ? Number.Plural : Number.Singular),
            3 => new NounPhrase(Definite(), adjective, noun, Number.Plural),
            4 => new NounPhrase(random.Pick(Numerals), adjective, noun, Number.Plural),
            _ => new NounPhrase(Determiner.None, adjective, noun, Number.Plural),
        };
    }

    /// <summary>The noun phrase of a place: with the article, sometimes with an adjective or a possessive.</summary>
    public NounPhrase ForPlace(Noun noun)
    {
        if (noun.Count == Count.Proper)
            return new NounPhrase(Determiner.None, null, noun);
        if (random.Chance(15))
            return new NounPhrase(Determiner.Indefinite, AdjectiveFor(noun), noun);
        return new NounPhrase(Definite(), random.Chance(30) ? AdjectiveFor(noun) : null, noun);
    }

    /// <summary>A pronoun as subject.</summary>
    public Pronoun SubjectPronoun(bool isQuestion) => random.PickWeighted([isQuestion ? 2 : 22, isQuestion ? 30 : 3, 20, 20, 18, isQuestion ? 12 : 3, 17]) switch
    {
        0 => new Pronoun(Grammar.Person.First, Number.Singular),
        1 => new Pronoun(Grammar.Person.Second, Number.Singular),
        2 => new Pronoun(Grammar.Person.Third, Number.Singular),
        3 => new Pronoun(Grammar.Person.Third, Number.Singular, Gender.Feminine),
        4 => new Pronoun(Grammar.Person.First, Number.Plural),
        5 => new Pronoun(Grammar.Person.Second, Number.Plural),
        _ => new Pronoun(Grammar.Person.Third, Number.Plural),
    };

    /// <summary>A pronoun as object: not of the subject's own person, and no accusative sie for several people.</summary>
    public Pronoun ObjectPronoun(Nominal subject, Case @case)
    {
        while (true)
        {
            Pronoun pronoun = SubjectPronoun(isQuestion: false);
            bool isSelf = pronoun.Person == subject.Person && pronoun.Person != Grammar.Person.Third;
            bool isAmbiguous = @case == Case.Accusative && pronoun is { Person: Grammar.Person.Third, Number: Number.Plural };
            if (!isSelf && !isAmbiguous)
                return pronoun;
        }
    }

    /// <summary>A possessive that suits the subject, most often its own; ihr is always "her", so others own in place of "their".</summary>
    public Determiner OwnerFor(Nominal? subject)
    {
        Determiner own = OwnFor(subject);
        bool isThird = own is Determiner.His or Determiner.Her or Determiner.Definite;
        if (own == Determiner.Definite || (isThird && random.Chance(20)))
            return random.Chance(65) ? Determiner.My : Determiner.Our;
        return own;
    }

    /// <summary>The possessive that points back to the subject, or the article where the grammar has none.</summary>
    public static Determiner OwnFor(Nominal? subject)
    {
        if (subject is Pronoun { Person: Grammar.Person.First } first)
            return first.Number == Number.Singular ? Determiner.My : Determiner.Our;
        if (subject is Pronoun { Person: Grammar.Person.Second, Number: Number.Singular })
            return Determiner.Your;
        Gender? gender = subject switch
        {
            Pronoun { Number: Number.Singular } pronoun => pronoun.Gender,
            NounPhrase { Number: Number.Singular } phrase => phrase.Noun.Gender,
            _ => null,
        };
        return gender switch
        {
            Gender.Masculine => Determiner.His,
            Gender.Feminine => Determiner.Her,
            _ => Determiner.Definite,
        };
    }

    public Adjective? AdjectiveFor(Noun noun)
    {
        IReadOnlyList<Adjective> fitting = Lexicon.AdjectivesFor(noun);
        return fitting.Count == 0 ? null : random.Pick(fitting);
    }

    private Determiner Definite() => random.Chance(84) ? Determiner.Definite : Determiner.Demonstrative;

    private static bool IsOwnable(Noun noun) =>
        noun.Kind is Kind.Person or Kind.Animal or Kind.Vehicle or Kind.Furniture or Kind.Clothing or Kind.Device or Kind.Thing
            or Kind.Reading or Kind.Room;
}
