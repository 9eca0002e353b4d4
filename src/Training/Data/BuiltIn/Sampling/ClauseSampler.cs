using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Words;

namespace Transformer.Training.Data.BuiltIn.Sampling;

/// <summary>Draws clauses: a subject, a verb with the complements that it needs, a tense and a time that fit together.</summary>
internal sealed class ClauseSampler(RandomStream random, NounPhraseSampler nouns)
{
    private static readonly TimeExpression[] PastTimes = TimeExpressions.Of(TimeClass.Past);
    private static readonly TimeExpression[] NowTimes = TimeExpressions.Of(TimeClass.Now);
    private static readonly TimeExpression[] HabitTimes = TimeExpressions.Of(TimeClass.Habit);
    private static readonly TimeExpression[] FutureTimes = TimeExpressions.Of(TimeClass.Future);
    private static readonly Modal[] PastModals = [Modal.Can, Modal.Must, Modal.Want, Modal.May];
    private static readonly Verb[] DatedTransitives =
        [.. TransitiveVerbs.Accusative.Where(verb => verb.Aktionsart != Aktionsart.State)];

    /// <summary>Any clause about a person.</summary>
    public Clause Any(Nominal subject) => random.PickWeighted([48, 11, 6, 15, 15, 3, 7]) switch
    {
        0 => Transitive(subject, random.Pick(TransitiveVerbs.Accusative)),
        1 => Ditransitive(subject),
        2 => Dative(subject),
        3 => Local(subject),
        4 => Motion(subject),
        5 => Dated(new Clause(subject, random.Pick(IntransitiveVerbs.Plain))),
        _ => Possession(subject),
    };

    /// <summary>A clause with an accusative object and not of a state.</summary>
    public Clause DatedTransitive(Nominal subject) => Transitive(subject, random.Pick(DatedTransitives));

    public Clause Transitive(Nominal subject, Verb verb)
    {
        var clause = new Clause(subject, verb);
        Determiner owner = nouns.OwnerFor(subject);
        Noun noun = random.Pick(Lexicon.Objects(verb));
        while (IsUnlikely(subject, verb, noun))
            noun = random.Pick(Lexicon.Objects(verb));
        clause.Accusative = noun.Kind == Kind.Person && random.Chance(35)
            ? nouns.ObjectPronoun(subject, Case.Accusative)
            : nouns.Of(noun, IsWearing(verb) ? NounPhraseSampler.OwnFor(subject) : owner, verb.ObjectStyle);
        AddPlace(clause, percent: 40);
        AddCompany(clause, owner, percent: 25);
        return Dated(clause);
    }

    public Clause Ditransitive(Nominal subject)
    {
        Verb verb = random.Pick(TransitiveVerbs.Ditransitive);
        Determiner owner = nouns.OwnerFor(subject);
        return Dated(new Clause(subject, verb)
        {
            Dative = DativePerson(subject, owner, pronounPercent: 35),
            Accusative = nouns.Of(random.Pick(Lexicon.Objects(verb)), owner, verb.ObjectStyle),
        });
    }

    public Clause Dative(Nominal subject) => Dated(new Clause(subject, random.Pick(TransitiveVerbs.Dative))
    {
        Dative = DativePerson(subject, nouns.OwnerFor(subject), pronounPercent: 35),
    });

    public Clause Local(Nominal subject)
    {
        var clause = new Clause(subject, random.Pick(IntransitiveVerbs.Activities));
        AddPlace(clause, percent: 100);
        AddCompany(clause, nouns.OwnerFor(subject), clause.Verb.Infinitive == "sprechen" ? 100 : 30);
        return Dated(clause);
    }

    public Clause Motion(Nominal subject)
    {
        var clause = new Clause(subject, random.Pick(IntransitiveVerbs.Motion));
        if (IsChild(subject))
            clause.Verb = IntransitiveVerbs.Motion[0];
        Place place = random.Pick(Lexicon.PlacesFor(clause.Verb));
        clause.Goal = place.WhereTo(nouns.ForPlace(place.Noun));
        AddCompany(clause, nouns.OwnerFor(subject), percent: 22);
        return Dated(clause);
    }

    /// <summary>haben in the present and the preterite.</summary>
    public Clause Possession(Nominal subject)
    {
        Verb verb = IntransitiveVerbs.Have;
        return Dated(new Clause(subject, verb)
        {
            Accusative = nouns.Of(random.Pick(Lexicon.Objects(verb)), Determiner.My, ObjectStyle.Indefinite),
        });
    }

    /// <summary>sein with an adjective.</summary>
    public Clause Copula(Nominal subject, Adjective adjective, bool past) =>
        new(subject, IntransitiveVerbs.Be)
        {
            Tense = past ? Tense.Preterite : Tense.Present,
            Predicate = new Predicate(adjective, random.Chance(30)),
        };

    /// <summary>nicht, or kein in place of ein and of no article.</summary>
    public static void Negate(Clause clause)
    {
        // heute nicht, but hardly jeden Tag nicht or bald nicht.
        bool timeResists = clause.Time is { } time && (time.Class == TimeClass.Habit || time.ToString() is "bald"
            || time.ToString().StartsWith("vor ", StringComparison.Ordinal));
        if (timeResists || clause.Frequency is not null)
            return;
        if (clause.Accusative is NounPhrase { IsDefinite: false } phrase)
        {
            if (phrase.Determiner is not (Determiner.Indefinite or Determiner.None))
                return;
            clause.Accusative = new NounPhrase(Determiner.Negative, phrase.Adjective, phrase.Noun, phrase.Number);
        }
        else if (clause.Accusative is not null)
        {
            // nicht before company or place would deny these alone.
            clause.Place = null;
            clause.Companion = null;
        }

        clause.IsNegated = true;
    }

    private Clause Dated(Clause clause)
    {
        Aktionsart kind = clause.Verb.Aktionsart;
        if (kind == Aktionsart.State)
        {
            if (clause.Verb.Preterite is not null && random.Chance(30))
                clause.Tense = Tense.Preterite;
            return clause;
        }

        // present, perfect, modal, modal in the past, werden
        ReadOnlySpan<int> weights = kind == Aktionsart.Activity ? [36, 36, 16, 6, 6] : [0, 72, 9, 5, 14];
        switch (random.PickWeighted(weights))
        {
            case 0:
                SetPresent(clause);
                break;
            case 1:
                clause.Tense = Tense.Perfect;
                if (kind == Aktionsart.Activity && !clause.Verb.IsUnique && random.Chance(12))
                    clause.Frequency = random.Pick(Frequency.All);
                else
                    SetTime(clause, 75, random.Chance(12) ? [TimeExpressions.Today] : PastTimes);
                break;
            case 2:
                clause.Modal = kind == Aktionsart.Moment ? Modal.Can : random.Pick(Modal.All);
                SetTime(clause, 60, random.Chance(45) ? NowTimes : FutureTimes);
                break;
            case 3:
                clause.Modal = kind == Aktionsart.Moment ? Modal.Can : random.Pick(PastModals);
                clause.Tense = Tense.Preterite;
                SetTime(clause, 70, PastTimes);
                break;
            default:
                clause.Modal = Modal.Will;
                SetTime(clause, 70, FutureTimes);
                break;
        }

        return clause;
    }

    private void SetPresent(Clause clause)
    {
        bool isRepeatable = !clause.Verb.IsUnique;
        switch (random.PickWeighted([30, 25, isRepeatable ? 20 : 0, 15, isRepeatable ? 14 : 0]))
        {
            case 1:
                clause.Time = random.Pick(NowTimes);
                break;
            case 2:
                clause.Time = random.Pick(HabitTimes);
                break;
            case 3:
                clause.Time = random.Pick(FutureTimes);
                break;
            case 4:
                clause.Frequency = random.Pick(Frequency.All);
                break;
            default:
                break;
        }
    }

    private void SetTime(Clause clause, int percent, TimeExpression[] times)
    {
        if (random.Chance(percent))
            clause.Time = random.Pick(times);
    }

    private void AddPlace(Clause clause, int percent)
    {
        IReadOnlyList<Place> places = Lexicon.PlacesFor(clause.Verb);
        if (places.Count == 0 || !random.Chance(percent))
            return;
        Place place = random.Pick(places);
        clause.Place = place.Where(nouns.ForPlace(place.Noun));
    }

    private void AddCompany(Clause clause, Determiner owner, int percent)
    {
        if (clause.Verb.Company.Length == 0 || !random.Chance(percent))
            return;
        Case @case = clause.Verb.Company == "mit" ? Case.Dative : Case.Accusative;
        Nominal person = random.Chance(30)
            ? nouns.ObjectPronoun(clause.Subject, @case)
            : nouns.Person(owner, (clause.Subject as NounPhrase)?.Noun);
        clause.Companion = new PrepositionalPhrase(clause.Verb.Company, @case, @case == Case.Dative ? "with" : "for", person);
    }

    private Nominal DativePerson(Nominal subject, Determiner owner, int pronounPercent) => random.Chance(pronounPercent)
        ? nouns.ObjectPronoun(subject, Case.Dative)
        : nouns.Person(owner, (subject as NounPhrase)?.Noun, definite: random.Chance(80));

    // Nobody visits himself, children drink no wine, skirts are for women, and one's own family is not worth saying to know.
    private static bool IsUnlikely(Nominal subject, Verb verb, Noun noun) =>
        (subject is NounPhrase own && own.Noun == noun)
        || (noun.German is "Wein" or "Bier" && IsChild(subject))
        || (noun.German is "Kleid" or "Rock" && IsWearing(verb) && !IsFeminine(subject))
        || (noun.Ownership == Ownership.Family && verb.Infinitive == "kennen");

    private static bool IsWearing(Verb verb) => verb.Infinitive is "tragen" or "anziehen";

    private static bool IsFeminine(Nominal subject) =>
        subject is NounPhrase { Noun.Gender: Gender.Feminine } or Pronoun { Gender: Gender.Feminine };

    private static bool IsChild(Nominal subject) => subject is NounPhrase { Noun.IsChild: true };
}
