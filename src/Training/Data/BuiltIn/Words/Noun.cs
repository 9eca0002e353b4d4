using Transformer.Training.Data.BuiltIn.Grammar;

namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>What a noun names; adjectives and verbs choose their nouns by it.</summary>
internal enum Kind
{
    Person,
    Animal,
    Reading,
    Fruit,
    Baked,
    Dish,
    Staple,
    HotDrink,
    ColdDrink,
    Vehicle,
    Furniture,
    Clothing,
    Device,
    Thing,
    Plant,
    Show,
    Room,
    Building,
    Outdoors,
    Town,
    Abstract,
}

/// <summary>How a noun is counted.</summary>
internal enum Count
{
    /// <summary>Singular and plural, with an article.</summary>
    Countable,

    /// <summary>Only the singular is used: mein Vater.</summary>
    SingularOnly,

    /// <summary>Without an article or with the definite one: Kaffee, der Kaffee.</summary>
    Mass,

    /// <summary>A name, without an article.</summary>
    Proper,
}

/// <summary>Which determiners make sense.</summary>
internal enum Ownership
{
    Any,

    /// <summary>Family: with the definite article or a possessive.</summary>
    Family,

    /// <summary>mein Mann would be my husband: without possessives.</summary>
    Free,
}

/// <summary>A noun with its gender, plural and translation.</summary>
internal sealed class Noun(
    string german, Gender gender, string plural, string english, string englishPlural, Kind kind, Count count)
{
    public string German { get; } = german;

    public Gender Gender { get; } = gender;

    public Kind Kind { get; } = kind;

    public Count Count { get; } = count;

    public Ownership Ownership { get; init; }

    /// <summary>The n-declension: der Junge, den Jungen, dem Jungen.</summary>
    public bool IsWeak { get; init; }

    /// <summary>Children do not drive and drink neither wine nor beer.</summary>
    public bool IsChild => German is "Kind" or "Junge" or "Mädchen" or "Schüler";

    // The dative plural adds -n unless the plural ends in -n or -s: den Kindern, den Frauen, den Autos.
    public string GermanForm(Number number, Case @case)
    {
        if (number == Number.Plural)
            return @case == Case.Dative && plural[^1] is not ('n' or 's') ? plural + "n" : plural;
        return IsWeak && @case != Case.Nominative ? plural : German;
    }

    public string EnglishForm(Number number) => number == Number.Plural ? englishPlural : english;

    public override string ToString() => German;

    /// <summary>A row of a table: "der Apfel/Äpfel apple/apples"; the plurals are absent from nouns without one.</summary>
    public static Noun Parse(string row, Kind kind, Count count = Count.Countable, Ownership ownership = Ownership.Any)
    {
        string[] words = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] german = words[1].Split('/');
        string[] english = words[2].Split('/');
        Gender gender = words[0] switch
        {
            "der" => Gender.Masculine,
            "die" => Gender.Feminine,
            "das" => Gender.Neuter,
            _ => throw new FormatException($"A noun begins with its article: {row}"),
        };
        return new Noun(german[0], gender, german[^1], english[0], english[^1], kind, count)
        {
            Ownership = ownership,
            // The weak nouns of this lexicon are masculine persons in -e and -ent, and Nachbar.
            IsWeak = gender == Gender.Masculine && kind == Kind.Person && count == Count.Countable
                && (german[0] == "Nachbar" || german[0].EndsWith("ent", StringComparison.Ordinal)
                    || german[0].EndsWith('e')),
        };
    }

    public static IEnumerable<Noun> ParseAll(
        Kind kind, string rows, Count count = Count.Countable, Ownership ownership = Ownership.Any) =>
        rows.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .SelectMany(row => row.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(row => Parse(row, kind, count, ownership));
}
