using Transformer.Training.Data.BuiltIn.Grammar;

namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>
/// A modal verb, or werden: the finite verb of a clause whose infinitive stands at the end. In English an auxiliary
/// (can, should) or a verb with "to" (have to, want to), which needs do when negated or asked.
/// </summary>
/// <param name="Singular">First and third person singular of the present: kann.</param>
/// <param name="Second">Second person singular: kannst.</param>
/// <param name="Infinitive">The infinitive, which is also the plural: können.</param>
/// <param name="SecondPlural">Second person plural: könnt.</param>
/// <param name="Preterite">First and third person singular of the past, or null where it is not used: konnte.</param>
/// <param name="English">The English words: "can", "have to", "be allowed to".</param>
/// <param name="EnglishPast">Their past: "could".</param>
internal sealed record Modal(
    string Singular, string Second, string Infinitive, string SecondPlural, string? Preterite,
    string English, string? EnglishPast)
{
    /// <summary>The first person singular where it differs from the third: ich werde.</summary>
    public string? First { get; init; }

    public static readonly Modal Can = new("kann", "kannst", "können", "könnt", "konnte", "can", "could");

    public static readonly Modal Must = new("muss", "musst", "müssen", "müsst", "musste", "have to", "had to");

    public static readonly Modal Want = new("will", "willst", "wollen", "wollt", "wollte", "want to", "wanted to");

    public static readonly Modal Should = new("soll", "sollst", "sollen", "sollt", null, "should", null);

    public static readonly Modal May = new("darf", "darfst", "dürfen", "dürft", "durfte", "be allowed to", "was allowed to");

    public static readonly Modal WouldLike = new("möchte", "möchtest", "möchten", "möchtet", null, "would like to", null);

    /// <summary>The auxiliary of the future.</summary>
    public static readonly Modal Will = new("wird", "wirst", "werden", "werdet", null, "will", null) { First = "werde" };

    public static readonly Modal[] All = [Can, Must, Want, Should, May, WouldLike];

    public string PresentForm(Person person, Number number) => (person, number) switch
    {
        (Person.First, Number.Singular) => First ?? Singular,
        (Person.Second, Number.Singular) => Second,
        (Person.Second, _) => SecondPlural,
        (_, Number.Plural) => Infinitive,
        _ => Singular,
    };

    // konnte, konntest, konnten, konntet
    public string PreteriteForm(Person person, Number number)
    {
        string form = Preterite ?? throw new InvalidOperationException($"{Infinitive} has no past in this grammar.");
        return (person, number) switch
        {
            (Person.Second, Number.Singular) => form + "st",
            (Person.Second, _) => form + "t",
            (_, Number.Plural) => form + "n",
            _ => form,
        };
    }
}
