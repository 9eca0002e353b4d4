namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>All nouns together, and which of them a verb takes as its object.</summary>
internal static class Lexicon
{
    public static readonly Noun[] Nouns =
        [.. People.All, .. Food.All, .. Things.All, .. Places.All.Select(place => place.Noun)];

    public static readonly Verb[] Verbs =
    [
        .. TransitiveVerbs.Accusative, .. TransitiveVerbs.Dative, .. TransitiveVerbs.Ditransitive,
        .. IntransitiveVerbs.Activities, .. IntransitiveVerbs.Motion, .. IntransitiveVerbs.Plain,
        .. IntransitiveVerbs.Saying, IntransitiveVerbs.Be, IntransitiveVerbs.Have,
    ];

    private static readonly Dictionary<string, Noun> ByName = Nouns.ToDictionary(noun => noun.German);

    private static readonly Dictionary<Verb, Noun[]> ObjectsOf = Verbs.ToDictionary(verb => verb, ParseObjects);

    private static readonly Dictionary<Noun, Adjective[]> AdjectivesOf = Nouns.Append(Places.Home.Noun).ToDictionary(
        noun => noun, noun => Adjectives.All.Where(adjective => adjective.Describes(noun)).ToArray());

    public static readonly Noun[] Persons = [.. Nouns.Where(noun => noun.Kind == Kind.Person)];

    private static readonly Dictionary<Verb, Place[]> PlacesOf = Verbs.ToDictionary(verb => verb, ParsePlaces);

    public static Noun Noun(string german) => ByName[german];

    public static Verb Verb(string infinitive) => Verbs.First(verb => verb.Infinitive == infinitive);

    public static Adjective Adjective(string german) =>
        Adjectives.All.Concat(Adjectives.States).First(adjective => adjective.German == german);

    public static IReadOnlyList<Noun> Objects(Verb verb) => ObjectsOf[verb];

    public static IReadOnlyList<Adjective> AdjectivesFor(Noun noun) => AdjectivesOf[noun];

    /// <summary>Where the action of the verb takes place or, for verbs of motion, where it leads.</summary>
    public static IReadOnlyList<Place> PlacesFor(Verb verb) => PlacesOf[verb];

    public static Place Place(string german) =>
        german == "Hause" ? Places.Home : Places.All.First(place => place.Noun.German == german);

    private static Place[] ParsePlaces(Verb verb) =>
        [.. verb.Places.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Place)];

    private static Noun[] ParseObjects(Verb verb) =>
    [
        .. verb.Objects.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(word => word[0] == '@'
                ? Nouns.Where(noun => noun.Kind == Enum.Parse<Kind>(word[1..]))
                : [ByName[word]])
            .Distinct(),
    ];
}
