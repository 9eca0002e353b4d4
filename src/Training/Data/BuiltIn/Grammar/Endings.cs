namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>
/// The ending tables of articles and adjectives. Rows: masculine, feminine, neuter, plural;
/// columns: nominative, accusative, dative.
/// </summary>
internal static class Endings
{
    private static readonly string[][] DefiniteArticles =
    [
        ["der", "den", "dem"],
        ["die", "die", "der"],
        ["das", "das", "dem"],
        ["die", "die", "den"],
    ];

    // dieser, welcher: the endings of the definite article on a stem.
    private static readonly string[][] StrongDeterminerEndings =
    [
        ["er", "en", "em"],
        ["e", "e", "er"],
        ["es", "es", "em"],
        ["e", "e", "en"],
    ];

    // ein, kein, mein …: as above but without ending in the masculine nominative and the neuter nominative and accusative.
    private static readonly string[][] IndefiniteEndings =
    [
        ["", "en", "em"],
        ["e", "e", "er"],
        ["", "", "em"],
        ["e", "e", "en"],
    ];

    // der alte, den alten, dem alten: the article shows the case, the adjective only -e or -en.
    private static readonly string[][] WeakAdjectiveEndings =
    [
        ["e", "en", "en"],
        ["e", "e", "en"],
        ["e", "e", "en"],
        ["en", "en", "en"],
    ];

    // ein alter, ein altes: the adjective shows the case where ein does not.
    private static readonly string[][] MixedAdjectiveEndings =
    [
        ["er", "en", "en"],
        ["e", "e", "en"],
        ["es", "es", "en"],
        ["en", "en", "en"],
    ];

    // kalter Kaffee, drei alte Bücher: the adjective takes the endings of the article.
    private static readonly string[][] StrongAdjectiveEndings = StrongDeterminerEndings;

    public static string DefiniteArticle(Gender gender, Number number, Case @case) =>
        DefiniteArticles[Row(gender, number)][(int)@case];

    /// <summary>The ending of dieser or welcher.</summary>
    public static string StrongDeterminer(Gender gender, Number number, Case @case) =>
        StrongDeterminerEndings[Row(gender, number)][(int)@case];

    /// <summary>The ending of ein, kein or a possessive.</summary>
    public static string Indefinite(Gender gender, Number number, Case @case) =>
        IndefiniteEndings[Row(gender, number)][(int)@case];

    public static string Adjective(Declension declension, Gender gender, Number number, Case @case)
    {
        string[][] table = declension switch
        {
            Declension.Weak => WeakAdjectiveEndings,
            Declension.Mixed => MixedAdjectiveEndings,
            _ => StrongAdjectiveEndings,
        };
        return table[Row(gender, number)][(int)@case];
    }

    private static int Row(Gender gender, Number number) => number == Number.Plural ? 3 : (int)gender;
}
