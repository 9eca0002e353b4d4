namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>
/// Preposition and noun phrase: mit dem Hund, im Garten, in den Garten. The German preposition governs the case: mit and
/// zu the dative, für the accusative; in, an, auf the dative for a place (wo?) and the accusative for a goal (wohin?).
/// </summary>
internal sealed class PrepositionalPhrase(string german, Case @case, string english, Nominal complement)
{
    public Nominal Complement { get; } = complement;

    public void AppendGerman(List<Token> output)
    {
        var preposition = new Link(this, Part.Preposition);
        if (Complement is NounPhrase { Determiner: Determiner.Definite } noun)
        {
            // in dem → im, zu dem → zum, in das → ins: required in neutral style with the plain article. The places of the
            // lexicon need no zur, ans or beim.
            string article = Endings.DefiniteArticle(noun.Noun.Gender, noun.Number, @case);
            if (noun.Number == Number.Singular && Contraction(german, article) is { } contraction)
            {
                output.Add(new Token(contraction, preposition, new Link(noun, Part.Determiner)));
                noun.AppendGermanWithoutDeterminer(output, @case);
                return;
            }
        }

        output.Add(new Token(german, preposition));
        Complement.AppendGerman(output, @case);
    }

    // An empty preposition (nach Hause, home) leaves its link to the noun.
    public void AppendEnglish(List<Token> output)
    {
        if (english.Length > 0)
            output.Add(new Token(english, new Link(this, Part.Preposition)));
        int start = output.Count;
        Complement.AppendEnglish(output, asSubject: false);
        if (english.Length == 0)
            output[start] = new Token(output[start].Text, [.. output[start].Links, new Link(this, Part.Preposition)]);
    }

    private static string? Contraction(string preposition, string article) => (preposition, article) switch
    {
        ("in", "dem") => "im",
        ("an", "dem") => "am",
        ("zu", "dem") => "zum",
        ("in", "das") => "ins",
        _ => null,
    };
}
