namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>The forms of the words that open a noun phrase, on both sides.</summary>
internal static class Determiners
{
    /// <summary>The German form, or null where there is no word.</summary>
    public static string? German(Determiner determiner, Gender gender, Number number, Case @case) => determiner switch
    {
        Determiner.None => null,
        Determiner.Definite => Endings.DefiniteArticle(gender, number, @case),
        Determiner.Demonstrative => "dies" + Endings.StrongDeterminer(gender, number, @case),
        Determiner.Interrogative => "welch" + Endings.StrongDeterminer(gender, number, @case),
        Determiner.Two => "zwei",
        Determiner.Three => "drei",
        Determiner.Four => "vier",
        Determiner.Many => @case == Case.Dative ? "vielen" : "viele",
        _ => IndefiniteStem(determiner) + Endings.Indefinite(gender, number, @case),
    };

    /// <summary>
    /// The English form, or null where there is no word. English negates the verb, so kein becomes "a" with a countable
    /// singular and "any" with the rest: er kauft kein Auto, he is not buying a car; er trinkt keinen Tee, … any tea.
    /// </summary>
    public static string? English(Determiner determiner, Number number, bool isMass, string nextWord) => determiner switch
    {
        Determiner.None => null,
        Determiner.Definite => "the",
        Determiner.Indefinite => Article(nextWord),
        Determiner.Negative => number == Number.Singular && !isMass ? Article(nextWord) : "any",
        Determiner.Demonstrative => number == Number.Singular ? "this" : "these",
        Determiner.Interrogative => "which",
        Determiner.My => "my",
        Determiner.Your => "your",
        Determiner.His => "his",
        Determiner.Her => "her",
        Determiner.Our => "our",
        Determiner.Two => "two",
        Determiner.Three => "three",
        Determiner.Four => "four",
        _ => "many",
    };

    /// <summary>Which adjective endings follow: weak after der and dieser, mixed after ein words, strong after the rest.</summary>
    public static Declension DeclensionAfter(Determiner determiner) => determiner switch
    {
        Determiner.Definite or Determiner.Demonstrative or Determiner.Interrogative => Declension.Weak,
        Determiner.None or Determiner.Two or Determiner.Three or Determiner.Four or Determiner.Many => Declension.Strong,
        _ => Declension.Mixed,
    };

    /// <summary>Definite noun phrases stand before nicht and before the adverbials of place.</summary>
    public static bool IsDefinite(Determiner determiner) => determiner is Determiner.Definite or Determiner.Demonstrative
        or Determiner.My or Determiner.Your or Determiner.His or Determiner.Her or Determiner.Our;

    private static string IndefiniteStem(Determiner determiner) => determiner switch
    {
        Determiner.Indefinite => "ein",
        Determiner.Negative => "kein",
        Determiner.My => "mein",
        Determiner.Your => "dein",
        Determiner.His => "sein",
        Determiner.Her => "ihr",
        _ => "unser",
    };

    // No noun and no adjective of the lexicon is a word such as "hour" or "university" whose first sound differs from its first letter.
    private static string Article(string nextWord) => "aeiou".Contains(nextWord[0], StringComparison.Ordinal) ? "an" : "a";
}
