using Transformer.Training.Data.BuiltIn.Grammar;

namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>How an action lies in time; it decides which tenses and which English aspect are used.</summary>
internal enum Aktionsart
{
    /// <summary>The present is progressive in English: er liest, he is reading.</summary>
    Activity,

    /// <summary>A moment: used in the perfect, with modals and in the future only.</summary>
    Moment,

    /// <summary>The present is simple in English, and no time is named: er kennt sie, he knows her.</summary>
    State,
}

/// <summary>The noun phrases that are natural as an object.</summary>
internal enum ObjectStyle
{
    Any,

    /// <summary>die Tür öffnen</summary>
    Definite,

    /// <summary>ein Auto haben</summary>
    Indefinite,
}

/// <summary>A verb with its principal parts on both sides.</summary>
internal sealed class Verb
{
    private readonly string stem;
    private readonly string third;

    /// <summary>
    /// German: infinitive (a bar behind a separable prefix), third person singular, participle. English: base, past and
    /// -ing form, then perhaps a particle.
    /// </summary>
    public Verb(string infinitive, string third, string participle, string english)
    {
        string[] parts = infinitive.Split('|');
        Prefix = parts.Length == 2 ? parts[0] : "";
        Base = parts[^1];
        Participle = participle;
        this.third = third;
        // lesen → les-, füttern → fütter-
        stem = Base.EndsWith("en", StringComparison.Ordinal) ? Base[..^2] : Base[..^1];
        string[] words = english.Split(' ');
        (EnglishBase, EnglishPast, EnglishProgressive) = (words[0], words[1], words[2]);
        EnglishParticle = words.Length > 3 ? words[3] : "";
    }

    /// <summary>The separable prefix, or nothing: an in anrufen.</summary>
    public string Prefix { get; }

    /// <summary>The infinitive without the separable prefix.</summary>
    public string Base { get; }

    public string Infinitive => Prefix + Base;

    public string Participle { get; }

    /// <summary>The perfect with sein: verbs of motion and of a change of state, bleiben and sein.</summary>
    public bool TakesSein { get; init; }

    public Aktionsart Aktionsart { get; init; }

    /// <summary>Nouns and, with @, kinds of nouns that are sensible objects.</summary>
    public string Objects { get; init; } = "";

    /// <summary>Which noun phrases are natural as the object.</summary>
    public ObjectStyle ObjectStyle { get; init; }

    /// <summary>Done once rather than every day: building a house.</summary>
    public bool IsUnique { get; init; }

    /// <summary>Where people do it, as names of places; empty where no place is named.</summary>
    public string Places { get; init; } = "";

    /// <summary>mit or für, where a person can be added.</summary>
    public string Company { get; init; } = "";

    /// <summary>ich, du and ihr forms of irregular verbs.</summary>
    public string[]? Irregular { get; init; }

    /// <summary>Third person plural of an irregular verb (sein: sind); otherwise the infinitive.</summary>
    public string? IrregularPlural { get; init; }

    /// <summary>The simple past of sein and haben (war, hatte); other verbs use the perfect.</summary>
    public string? Preterite { get; init; }

    public string EnglishBase { get; }

    public string EnglishPast { get; }

    public string EnglishProgressive { get; }

    public string EnglishParticle { get; }

    /// <summary>picks him up, but looks for him: the particle is a preposition, which stays at the verb.</summary>
    public bool EnglishParticleIsPreposition => EnglishParticle is "for" or "at" or "to";

    public string EnglishThird => EnglishBase switch
    {
        "have" => "has",
        "go" => "goes",
        _ when EnglishBase.EndsWith('s') || EnglishBase.EndsWith("sh", StringComparison.Ordinal)
            || EnglishBase.EndsWith("ch", StringComparison.Ordinal) => EnglishBase + "es",
        _ when EnglishBase.EndsWith('y') && !"aeiou".Contains(EnglishBase[^2], StringComparison.Ordinal) => EnglishBase[..^1] + "ies",
        _ => EnglishBase + "s",
    };

    public string PresentForm(Person person, Number number) => (person, number) switch
    {
        (Person.Third, Number.Singular) => third,
        (Person.First, Number.Singular) => Irregular?[0] ?? stem + "e",
        (Person.Second, Number.Singular) => Irregular?[1] ?? SecondPerson(),
        (Person.Second, _) => Irregular?[2] ?? stem + (NeedsLinkingVowel() ? "et" : "t"),
        _ => IrregularPlural ?? Base,
    };

    public string PreteriteForm(Person person, Number number)
    {
        string form = Preterite ?? throw new InvalidOperationException($"{Infinitive} is used in the perfect.");
        bool endsInE = form.EndsWith('e');
        return (person, number) switch
        {
            (Person.Second, Number.Singular) => form + "st",
            (Person.Second, _) => form + "t",
            (_, Number.Plural) => form + (endsInE ? "n" : "en"),
            _ => form,
        };
    }

    public override string ToString() => Infinitive;

    // The vowel of the third person, -st for its -t; after s, ß and z the two are the same: du fährst, du liest, du putzt.
    private string SecondPerson()
    {
        string root = third[..^1];
        return root[^1] is 's' or 'ß' or 'z' ? third : root + "st";
    }

    // arbeit-et, find-et, öffn-et
    private bool NeedsLinkingVowel() =>
        stem[^1] is 't' or 'd' || stem.EndsWith("fn", StringComparison.Ordinal);
}
