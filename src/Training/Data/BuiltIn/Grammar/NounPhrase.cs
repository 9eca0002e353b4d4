using Transformer.Training.Data.BuiltIn.Words;

namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>Determiner, adjective, noun, relative clause: der alte Mann, der im Garten arbeitet.</summary>
internal sealed class NounPhrase(Determiner determiner, Adjective? adjective, Noun noun, Number number = Number.Singular)
    : Nominal
{
    public Determiner Determiner { get; } = determiner;

    public Adjective? Adjective { get; } = adjective;

    public Noun Noun { get; } = noun;

    public override Number Number { get; } = number;

    /// <summary>A relative clause whose <see cref="Clause.Gap"/> is this noun.</summary>
    public Clause? Relative { get; init; }

    public override bool IsDefinite => Noun.Count == Count.Proper || Determiners.IsDefinite(Determiner);

    // The determiner and the adjective agree with the noun in gender, number and case.
    public override void AppendGerman(List<Token> output, Case @case)
    {
        if (Determiners.German(Determiner, Noun.Gender, Number, @case) is { } determiner)
            output.Add(new Token(determiner, new Link(this, Part.Determiner)));
        AppendGermanWithoutDeterminer(output, @case);
    }

    /// <summary>For contractions such as im, which hold the article already.</summary>
    public void AppendGermanWithoutDeterminer(List<Token> output, Case @case)
    {
        if (Adjective is not null)
        {
            Declension declension = Determiners.DeclensionAfter(Determiner);
            string form = Adjective.Stem + Endings.Adjective(declension, Noun.Gender, Number, @case);
            output.Add(new Token(form, new Link(this, Part.Adjective)));
        }

        output.Add(new Token(Noun.GermanForm(Number, @case), new Link(this, Part.Noun)));
        if (Relative is not null)
        {
            // A relative clause stands between commas.
            output.Add(new Token(","));
            GermanClause.AppendSubordinate(output, Relative);
            output.Add(new Token(","));
        }
    }

    public override void AppendEnglish(List<Token> output, bool asSubject)
    {
        string noun = Noun.EnglishForm(Number);
        string next = Adjective?.English ?? noun;
        if (Determiners.English(Determiner, Number, Noun.Count == Count.Mass, next) is { } determiner)
            output.Add(new Token(determiner, new Link(this, Part.Determiner)));
        if (Adjective is not null)
            output.Add(new Token(Adjective.English, new Link(this, Part.Adjective)));
        output.Add(new Token(noun, new Link(this, Part.Noun)));
        if (Relative is not null)
            EnglishClause.Append(output, Relative);
    }
}
