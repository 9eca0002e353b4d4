using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Words;

namespace Transformer.Training.Data.BuiltIn.Sampling;

/// <summary>Draws sentences with a subordinate clause.</summary>
internal sealed class ComplexSentenceSampler(RandomStream random, NounPhraseSampler nouns, ClauseSampler clauses)
{
    private static readonly Verb[] Knowing = [.. TransitiveVerbs.Accusative.Where(verb => verb.Infinitive is "kennen" or "sehen" or "treffen" or "besuchen" or "fragen" or "einladen")];

    /// <summary>weil and obwohl, before or after the main clause.</summary>
    public Sentence Reason()
    {
        Nominal subject = SubjectWithAnaphor(out Pronoun anaphor);
        bool isBecause = random.Chance(55);
        Clause main = isBecause && random.Chance(50) ? clauses.Motion(subject) : clauses.Any(subject);
        while (main.Verb.Aktionsart == Aktionsart.State || IntransitiveVerbs.Plain.Contains(main.Verb))
            main = clauses.Any(subject);
        bool past = main.Tense is Tense.Perfect or Tense.Preterite;
        Clause reason;
        if (isBecause && main.Goal is not null && random.Chance(80))
            reason = Purpose(anaphor, past);
        else if (!isBecause && !past && random.Chance(35))
            reason = Weather();
        else
            reason = State(anaphor, past, isBecause ? Motives(main.Verb) : Adjectives.Hindrances, lacksTime: !isBecause);
        reason.Conjunction = isBecause ? Conjunction.Because : Conjunction.Although;
        return Join(main, reason, subordinateFirst: random.Chance(40));
    }

    /// <summary>wenn in the sense of whenever: both clauses are in the simple present in English.</summary>
    public Sentence Whenever()
    {
        Nominal subject = SubjectWithAnaphor(out Pronoun anaphor);
        Clause main = clauses.Any(subject);
        while (main.Verb.Aktionsart != Aktionsart.Activity || main.Verb.IsUnique || main.Tense != Tense.Present
            || main.Modal is not null || main.Time is not null)
            main = clauses.Any(subject);
        Clause condition = random.Chance(40) ? Weather() : State(anaphor, past: false, Motives(main.Verb), lacksTime: false);
        condition.Conjunction = Conjunction.When;
        condition.IsHabitual = true;
        main.IsHabitual = true;
        return Join(main, condition, subordinateFirst: random.Chance(65));
    }

    /// <summary>wissen, glauben, hoffen, sagen, denken with dass; nicht wissen with ob.</summary>
    public Sentence Reported()
    {
        Nominal subject = random.Chance(45) ? nouns.SubjectPronoun(isQuestion: false) : nouns.Person(nouns.OwnerFor(null), definite: true);
        var main = new Clause(subject, random.Pick(IntransitiveVerbs.Saying));
        Clause content = clauses.Any(random.Chance(35)
            ? nouns.SubjectPronoun(isQuestion: false)
            : nouns.Person(nouns.OwnerFor(subject), (subject as NounPhrase)?.Noun, definite: true));
        bool isWhether = main.Verb.Infinitive == "wissen" && random.Chance(60);
        main.IsNegated = isWhether;
        content.Conjunction = isWhether ? Conjunction.Whether : Conjunction.That;
        if (!isWhether && random.Chance(12))
            ClauseSampler.Negate(content);
        return new Sentence(main, content);
    }

    /// <summary>A relative clause on the subject or on the object at the end.</summary>
    public Sentence WithRelativeClause() => random.Below(3) switch
    {
        0 => ThingDescribed(),
        1 => PersonActs(),
        _ => PersonKnown(),
    };

    // Das Buch, das ich gestern gekauft habe, ist interessant. (A thing that will be made or bought is not yet anything.)
    private Sentence ThingDescribed()
    {
        Clause relative = ObjectRelative(out NounPhrase head);
        Adjective? adjective = nouns.AdjectiveFor(head.Noun);
        while (adjective is null || relative.Modal == Modal.Will || relative.Time?.Class == TimeClass.Future)
        {
            relative = ObjectRelative(out head);
            adjective = nouns.AdjectiveFor(head.Noun);
        }

        var subject = new NounPhrase(Determiner.Definite, null, head.Noun, head.Number) { Relative = relative };
        bool past = relative.Tense == Tense.Perfect && random.Chance(50);
        return new Sentence(clauses.Copula(subject, adjective, past));
    }

    // Der Mann, der im Garten arbeitet, ist müde.
    private Sentence PersonActs()
    {
        NounPhrase person = PersonWithRelative(null);
        // The predicate describes the person already.
        var subject = new NounPhrase(person.Determiner, null, person.Noun, person.Number) { Relative = person.Relative };
        return new Sentence(clauses.Copula(subject, random.Pick(Adjectives.States), past: false));
    }

    // Ich kenne den Mann, der im Garten arbeitet. The object is last, so that nothing follows the relative clause.
    private Sentence PersonKnown()
    {
        Nominal subject = random.Chance(60) ? nouns.SubjectPronoun(isQuestion: false) : nouns.Person(nouns.OwnerFor(null), definite: true);
        return new Sentence(new Clause(subject, random.Pick(Knowing.Where(verb => verb.Prefix.Length == 0 && verb.Aktionsart != Aktionsart.Moment).ToArray()))
        {
            Accusative = PersonWithRelative((subject as NounPhrase)?.Noun),
        });
    }

    private NounPhrase PersonWithRelative(Noun? except)
    {
        NounPhrase head = nouns.Person(Determiner.My, except, definite: true);
        while (head.Noun.Count != Count.Countable || head.Noun.Ownership == Ownership.Family)
            head = nouns.Person(Determiner.My, except, definite: true);
        var gap = new RelativePronoun(head.Noun.Gender, head.Number, isPerson: true);
        Clause relative = clauses.Any(gap);
        while (CouldBeReadBothWays(head, relative.Accusative))
            relative = clauses.Any(gap);
        relative.Gap = gap;
        return new NounPhrase(Determiner.Definite, head.Adjective, head.Noun, head.Number) { Relative = relative };
    }

    // die Frau, die das Kind kennt: who knows whom? Only masculine singulars (der, den) tell subject and object apart.
    private static bool CouldBeReadBothWays(NounPhrase head, Nominal? accusative) =>
        head is not { Noun.Gender: Gender.Masculine, Number: Number.Singular }
        && accusative is Pronoun { Person: Person.Third, Gender: Gender.Feminine }
            or NounPhrase { Noun.Kind: Kind.Person or Kind.Animal };

    // Only things are relative objects: die Frau, die das Kind sieht could be read both ways.
    private Clause ObjectRelative(out NounPhrase head)
    {
        while (true)
        {
            Clause clause = clauses.DatedTransitive(random.Chance(60)
                ? nouns.SubjectPronoun(isQuestion: false)
                : nouns.Person(nouns.OwnerFor(null), definite: true));
            if (clause.Accusative is not NounPhrase { Noun: { Kind: not (Kind.Person or Kind.Animal), Count: not Count.Proper } } thing)
                continue;
            head = thing;
            var gap = new RelativePronoun(thing.Noun.Gender, thing.Number, isPerson: false);
            clause.Accusative = gap;
            clause.Gap = gap;
            return clause;
        }
    }

    private Nominal SubjectWithAnaphor(out Pronoun anaphor)
    {
        while (true)
        {
            Nominal subject = random.Chance(25) ? nouns.SubjectPronoun(isQuestion: false) : nouns.Person(nouns.OwnerFor(null), definite: true);
            if (subject is Pronoun pronoun)
            {
                anaphor = new Pronoun(pronoun.Person, pronoun.Number, pronoun.Gender);
                return subject;
            }

            // A girl is es to the grammar and sie to most speakers: such subjects are left to other sentences.
            var phrase = (NounPhrase)subject;
            if (phrase.Number == Number.Singular && phrase.Noun.Gender == Gender.Neuter)
                continue;
            anaphor = new Pronoun(Person.Third, phrase.Number, phrase.Noun.Gender);
            return subject;
        }
    }

    // weil er seine Tante besuchen will
    private Clause Purpose(Nominal subject, bool past)
    {
        Clause clause = clauses.DatedTransitive(subject);
        while (clause.Verb.Aktionsart != Aktionsart.Activity)
            clause = clauses.DatedTransitive(subject);
        clause.Modal = random.Chance(60) ? Modal.Want : Modal.Must;
        clause.Tense = past ? Tense.Preterite : Tense.Present;
        clause.Time = null;
        clause.Frequency = null;
        clause.Place = null;
        return clause;
    }

    private Clause Weather() => new(
        new Pronoun(Person.Third, Number.Singular, Gender.Neuter),
        random.Chance(60) ? IntransitiveVerbs.Rain : IntransitiveVerbs.Snow);

    // Who is hungry eats, who is tired rests.
    private static Adjective[] Motives(Verb verb) => verb.Infinitive switch
    {
        "essen" or "kochen" or "bestellen" or "schneiden" or "probieren" or "frühstücken" => Adjectives.Hunger,
        "schlafen" or "bleiben" or "sitzen" or "fernsehen" or "einschlafen" => Adjectives.Weaknesses,
        _ => Adjectives.Motives,
    };

    // weil er müde ist, obwohl sie keine Zeit hat
    private Clause State(Nominal subject, bool past, Adjective[] states, bool lacksTime)
    {
        if (!random.Chance(lacksTime ? 30 : 45))
            return clauses.Copula(subject, random.Pick(states), past);
        var clause = new Clause(subject, IntransitiveVerbs.Have)
        {
            Tense = past ? Tense.Preterite : Tense.Present,
            Accusative = new NounPhrase(Determiner.None, null, Lexicon.Noun("Zeit")),
        };
        if (lacksTime)
            ClauseSampler.Negate(clause);
        return clause;
    }

    private static Sentence Join(Clause main, Clause subordinate, bool subordinateFirst)
    {
        if (subordinateFirst)
            main.Front = Front.None;
        return new Sentence(main, subordinate, subordinateFirst);
    }
}
