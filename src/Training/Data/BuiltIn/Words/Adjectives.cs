namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>An adjective, its translation and the kinds of noun that it can describe.</summary>
internal sealed class Adjective(string german, string english, params Kind[] kinds)
{
    public string German { get; } = german;

    public string English { get; } = english;

    /// <summary>The form before an ending: müde → müd-e, teuer → teur-e, dunkel → dunkl-e.</summary>
    public string Stem { get; } =
        german.EndsWith("el", StringComparison.Ordinal) ? german[..^2] + "l"
        : german.EndsWith("euer", StringComparison.Ordinal) ? german[..^2] + "r"
        : german.TrimEnd('e');

    // A young grandmother is no contradiction, but no example either.
    public bool Describes(Noun noun) =>
        noun.Count != Count.Proper && Array.IndexOf(kinds, noun.Kind) >= 0
        && !(German == "jung" && noun.German is "Großvater" or "Großmutter");

    public override string ToString() => German;
}

/// <summary>The adjectives.</summary>
internal static class Adjectives
{
    public static readonly Adjective[] All =
    [
        new("alt", "old", Kind.Person, Kind.Animal, Kind.Reading, Kind.Vehicle, Kind.Furniture, Kind.Clothing, Kind.Device, Kind.Show, Kind.Building),
        new("jung", "young", Kind.Person, Kind.Animal),
        new("neu", "new", Kind.Reading, Kind.Show, Kind.Vehicle, Kind.Furniture, Kind.Clothing, Kind.Device, Kind.Thing, Kind.Building),
        new("groß", "big", Kind.Animal, Kind.Vehicle, Kind.Furniture, Kind.Thing, Kind.Plant, Kind.Room, Kind.Building, Kind.Outdoors),
        new("klein", "small", Kind.Animal, Kind.Fruit, Kind.Vehicle, Kind.Furniture, Kind.Thing, Kind.Device, Kind.Plant, Kind.Room, Kind.Building, Kind.Outdoors),
        new("schön", "beautiful", Kind.Animal, Kind.Reading, Kind.Show, Kind.Furniture, Kind.Clothing, Kind.Thing, Kind.Plant, Kind.Room, Kind.Building, Kind.Outdoors),
        new("freundlich", "friendly", Kind.Person),
        new("klug", "clever", Kind.Person, Kind.Animal),
        new("nett", "nice", Kind.Person),
        new("glücklich", "happy", Kind.Person),
        new("traurig", "sad", Kind.Person, Kind.Show),
        new("krank", "sick", Kind.Person, Kind.Animal),
        new("müde", "tired", Kind.Person, Kind.Animal),
        new("hungrig", "hungry", Kind.Animal),
        new("interessant", "interesting", Kind.Reading, Kind.Show),
        new("langweilig", "boring", Kind.Reading, Kind.Show),
        new("lang", "long", Kind.Reading, Kind.Show, Kind.Clothing),
        new("kurz", "short", Kind.Reading, Kind.Show, Kind.Clothing),
        new("teuer", "expensive", Kind.Fruit, Kind.Staple, Kind.ColdDrink, Kind.Vehicle, Kind.Furniture, Kind.Clothing, Kind.Device, Kind.Thing),
        new("billig", "cheap", Kind.Fruit, Kind.Staple, Kind.ColdDrink, Kind.Vehicle, Kind.Furniture, Kind.Clothing, Kind.Device),
        new("frisch", "fresh", Kind.Fruit, Kind.Baked, Kind.Staple),
        new("süß", "sweet", Kind.Fruit),
        new("lecker", "delicious", Kind.Fruit, Kind.Baked, Kind.Dish),
        new("kalt", "cold", Kind.HotDrink, Kind.ColdDrink, Kind.Dish, Kind.Room),
        new("heiß", "hot", Kind.HotDrink),
        new("warm", "warm", Kind.HotDrink, Kind.Dish, Kind.Clothing, Kind.Room),
        new("rot", "red", Kind.Vehicle, Kind.Clothing, Kind.Thing),
        new("blau", "blue", Kind.Vehicle, Kind.Clothing, Kind.Thing),
        new("schwarz", "black", Kind.Animal, Kind.Vehicle, Kind.Clothing),
        new("weiß", "white", Kind.Animal, Kind.Vehicle, Kind.Clothing, Kind.Furniture),
        new("schwer", "heavy", Kind.Furniture, Kind.Thing),
        new("sauber", "clean", Kind.Vehicle, Kind.Clothing, Kind.Room),
        new("schmutzig", "dirty", Kind.Vehicle, Kind.Clothing, Kind.Room),
        new("modern", "modern", Kind.Device, Kind.Furniture, Kind.Room, Kind.Building),
        new("hell", "bright", Kind.Room),
        new("dunkel", "dark", Kind.Room),
        new("ruhig", "quiet", Kind.Room, Kind.Outdoors),
        new("berühmt", "famous", Kind.Building),
    ];

    /// <summary>How a person can feel.</summary>
    public static readonly Adjective[] States =
    [
        .. All.Where(adjective => adjective.German is "müde" or "krank" or "hungrig" or "glücklich" or "traurig"),
        new("wütend", "angry"),
        new("nervös", "nervous"),
        new("zufrieden", "satisfied"),
    ];

    /// <summary>What makes people do things: weil er glücklich ist.</summary>
    public static readonly Adjective[] Motives = Among("glücklich", "traurig", "nervös");

    /// <summary>What makes people rest: weil er müde ist.</summary>
    public static readonly Adjective[] Weaknesses = Among("müde", "krank");

    /// <summary>What does not keep people from doing things: obwohl er müde ist.</summary>
    public static readonly Adjective[] Hindrances = Among("müde", "krank", "hungrig", "traurig", "wütend", "nervös");

    public static readonly Adjective[] Hunger = Among("hungrig");

    private static Adjective[] Among(params string[] names) =>
        [.. names.Select(name => States.First(adjective => adjective.German == name))];
}
