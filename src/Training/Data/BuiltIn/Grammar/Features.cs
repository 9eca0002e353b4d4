namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>Grammatical gender of a German noun; the plural has one set of endings for all three.</summary>
internal enum Gender
{
    Masculine,
    Feminine,
    Neuter,
}

/// <summary>The cases that the grammar uses. The genitive is left out.</summary>
internal enum Case
{
    Nominative,
    Accusative,
    Dative,
}

/// <summary>Grammatical number.</summary>
internal enum Number
{
    Singular,
    Plural,
}

/// <summary>Grammatical person.</summary>
internal enum Person
{
    First,
    Second,
    Third,
}

/// <summary>The three sets of adjective endings.</summary>
internal enum Declension
{
    /// <summary>After der and dieser, which show the case themselves.</summary>
    Weak,

    /// <summary>After ein, kein and the possessives, which show the case only in part.</summary>
    Mixed,

    /// <summary>Without an article or after a numeral: the adjective shows the case.</summary>
    Strong,
}

/// <summary>The word that opens a noun phrase.</summary>
internal enum Determiner
{
    None,
    Definite,
    Indefinite,
    Negative,
    Demonstrative,
    Interrogative,
    My,
    Your,
    His,
    Her,
    Our,
    Two,
    Three,
    Four,
    Many,
}

/// <summary>The German verb group of a clause.</summary>
internal enum Tense
{
    /// <summary>liest</summary>
    Present,

    /// <summary>hat gelesen, ist gegangen</summary>
    Perfect,

    /// <summary>war, hatte, and the modals: wollte lesen</summary>
    Preterite,
}
