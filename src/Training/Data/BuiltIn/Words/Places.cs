using Transformer.Training.Data.BuiltIn.Grammar;

namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>A noun that answers where? and where to? with the prepositions that it takes on both sides.</summary>
/// <param name="Noun">The noun.</param>
/// <param name="At">The German preposition of place, with the dative: im Garten.</param>
/// <param name="EnglishAt">Its translation: in the garden.</param>
/// <param name="To">The German preposition of the goal: in den Garten, zum Bahnhof, nach Berlin.</param>
/// <param name="EnglishTo">Its translation: to the garden.</param>
internal sealed record Place(Noun Noun, string At, string EnglishAt, string To, string EnglishTo)
{
    public PrepositionalPhrase Where(Nominal complement) => new(At, Case.Dative, EnglishAt, complement);

    // in, an and auf take the accusative when they name a goal; zu and nach always take the dative.
    public PrepositionalPhrase WhereTo(Nominal complement) =>
        new(To, To is "zu" or "nach" ? Case.Dative : Case.Accusative, EnglishTo, complement);
}

/// <summary>Rooms, buildings, landscapes and towns.</summary>
internal static class Places
{
    public static readonly Place[] All =
    [
        .. Table(Kind.Outdoors, "in", "in", "in", "to", "der Garten/Gärten garden/gardens, der Park/Parks park/parks, der Wald/Wälder forest/forests"),
        .. Table(Kind.Outdoors, "in", "in", "in", "to", "das Dorf/Dörfer village/villages, die Stadt/Städte city/cities"),
        .. Table(Kind.Outdoors, "an", "at", "an", "to", "der Strand/Strände beach/beaches, der See/Seen lake/lakes"),
        .. Table(Kind.Outdoors, "auf", "at", "auf", "to", "der Markt/Märkte market/markets"),
        .. Table(Kind.Room, "in", "in", "in", "to", "die Küche/Küchen kitchen/kitchens, das Zimmer/Zimmer room/rooms"),
        .. Table(Kind.Room, "in", "in", "in", "to", "das Büro/Büros office/offices, die Wohnung/Wohnungen flat/flats"),
        .. Table(Kind.Building, "in", "in", "in", "to", "das Haus/Häuser house/houses, das Hotel/Hotels hotel/hotels"),
        .. Table(Kind.Building, "in", "in", "in", "to", "das Museum/Museen museum/museums, die Kirche/Kirchen church/churches"),
        .. Table(Kind.Building, "in", "in", "in", "to", "das Restaurant/Restaurants restaurant/restaurants, das Café/Cafés café/cafés"),
        .. Table(Kind.Building, "in", "in", "in", "to", "die Bibliothek/Bibliotheken library/libraries, das Krankenhaus/Krankenhäuser hospital/hospitals"),
        .. Table(Kind.Building, "in", "at", "in", "to", "das Theater/Theater theatre/theatres, das Kino/Kinos cinema/cinemas"),
        .. Table(Kind.Building, "an", "at", "zu", "to", "der Bahnhof/Bahnhöfe station/stations, der Flughafen/Flughäfen airport/airports"),
        .. Table(Kind.Town, "in", "in", "nach", "to", "das Berlin Berlin, das Wien Vienna, das Köln Cologne, das München Munich", Count.Proper),
        .. Table(Kind.Town, "in", "in", "nach", "to", "das Italien Italy, das Spanien Spain, das Österreich Austria", Count.Proper),
    ];

    /// <summary>zu Hause, nach Hause: at home, home.</summary>
    public static readonly Place Home = new(
        new Noun("Hause", Gender.Neuter, "Hause", "home", "home", Kind.Town, Count.Proper), "zu", "at", "nach", "");

    private static IEnumerable<Place> Table(
        Kind kind, string at, string englishAt, string to, string englishTo, string rows, Count count = Count.Countable) =>
        Noun.ParseAll(kind, rows, count).Select(noun => new Place(noun, at, englishAt, to, englishTo));
}
