namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>
/// A personal pronoun. The polite Sie is left out, and an accusative sie is always the woman: with the verb's form,
/// every pronoun then has one translation (sie liest, she is reading; sie lesen, they are reading).
/// </summary>
internal sealed class Pronoun(Person person, Number number, Gender gender = Gender.Masculine) : Nominal
{
    public override Person Person { get; } = person;

    public override Number Number { get; } = number;

    public override bool IsPronoun => true;

    public Gender Gender { get; } = gender;

    public override void AppendGerman(List<Token> output, Case @case)
    {
        string[] forms = (Person, Number) switch
        {
            (Person.First, Number.Singular) => ["ich", "mich", "mir"],
            (Person.First, _) => ["wir", "uns", "uns"],
            (Person.Second, Number.Singular) => ["du", "dich", "dir"],
            (Person.Second, _) => ["ihr", "euch", "euch"],
            (_, Number.Plural) => ["sie", "sie", "ihnen"],
            _ when Gender == Gender.Masculine => ["er", "ihn", "ihm"],
            _ when Gender == Gender.Feminine => ["sie", "sie", "ihr"],
            _ => ["es", "es", "ihm"],
        };
        output.Add(new Token(forms[(int)@case], new Link(this, Part.Pronoun)));
    }

    public override void AppendEnglish(List<Token> output, bool asSubject)
    {
        string[] forms = (Person, Number) switch
        {
            (Person.First, Number.Singular) => ["I", "me"],
            (Person.First, _) => ["we", "us"],
            (Person.Second, _) => ["you", "you"],
            (_, Number.Plural) => ["they", "them"],
            _ when Gender == Gender.Masculine => ["he", "him"],
            _ when Gender == Gender.Feminine => ["she", "her"],
            _ => ["it", "it"],
        };
        output.Add(new Token(forms[asSubject ? 0 : 1], new Link(this, Part.Pronoun)));
    }
}

/// <summary>wer, wen (who) and was (what): asks for the subject or the accusative object.</summary>
internal sealed class QuestionPronoun(bool isPerson) : Nominal
{
    public override Number Number => Number.Singular;

    public override void AppendGerman(List<Token> output, Case @case)
    {
        string form = !isPerson ? "was" : @case == Case.Nominative ? "wer" : "wen";
        output.Add(new Token(form, new Link(this, Part.Pronoun)));
    }

    public override void AppendEnglish(List<Token> output, bool asSubject) =>
        output.Add(new Token(isPerson ? "who" : "what", new Link(this, Part.Pronoun)));
}

/// <summary>
/// der, den, die, das, which agrees with its noun in gender and number and has the case of its own clause: it is the subject
/// or the accusative object there, and then its forms are those of the article.
/// </summary>
internal sealed class RelativePronoun(Gender gender, Number number, bool isPerson) : Nominal
{
    public override Number Number { get; } = number;

    public override void AppendGerman(List<Token> output, Case @case) =>
        output.Add(new Token(Endings.DefiniteArticle(gender, Number, @case), new Link(this, Part.Pronoun)));

    public override void AppendEnglish(List<Token> output, bool asSubject) =>
        output.Add(new Token(isPerson ? "who" : "that", new Link(this, Part.Pronoun)));
}
