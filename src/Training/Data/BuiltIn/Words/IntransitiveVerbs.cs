namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>Verbs without an object, sein, haben, and the verbs of knowing and saying that take a clause.</summary>
internal static class IntransitiveVerbs
{
    public static readonly Verb[] Activities =
    [
        new("arbeiten", "arbeitet", "gearbeitet", "work worked working") { Places = "Garten Büro Restaurant Küche Museum Hotel Bibliothek Krankenhaus Theater Flughafen Bahnhof Berlin Wien Hause", Company = "mit" },
        new("spielen", "spielt", "gespielt", "play played playing") { Places = "Garten Park Wald Strand Zimmer Haus Hause", Company = "mit" },
        new("tanzen", "tanzt", "getanzt", "dance danced dancing") { Places = "Park Restaurant Hotel Küche Strand", Company = "mit" },
        new("lernen", "lernt", "gelernt", "study studied studying") { Places = "Bibliothek Zimmer Büro Küche Café Park Hause", Company = "mit" },
        new("warten", "wartet", "gewartet", "wait waited waiting") { Places = "Bahnhof Flughafen Café Hotel Park Restaurant Krankenhaus Museum Kino Theater Markt" },
        new("schlafen", "schläft", "geschlafen", "sleep slept sleeping") { Places = "Zimmer Hotel Garten Krankenhaus Wohnung" },
        new("frühstücken", "frühstückt", "gefrühstückt", "have had having breakfast") { Places = "Küche Garten Hotel Café Restaurant Hause", Company = "mit" },
        new("sprechen", "spricht", "gesprochen", "speak spoke speaking") { Places = "Park Café Garten Büro Bahnhof Restaurant Bibliothek Markt", Company = "mit" },
        new("sitzen", "sitzt", "gesessen", "sit sat sitting") { Places = "Café Park Garten Küche Restaurant Strand See Kirche Theater Kino" },
        new("ein|kaufen", "kauft", "eingekauft", "shop shopped shopping") { Places = "Markt Stadt Dorf Berlin Köln München", Company = "mit" },
        new("fern|sehen", "sieht", "ferngesehen", "watch watched watching television") { Places = "Zimmer Wohnung Hotel Küche Hause", Company = "mit" },
        new("bleiben", "bleibt", "geblieben", "stay stayed staying") { TakesSein = true, Places = "Haus Hotel Zimmer Stadt Büro Krankenhaus Berlin Wien Köln Hause" },
        new("an|kommen", "kommt", "angekommen", "arrive arrived arriving") { TakesSein = true, Aktionsart = Aktionsart.Moment, Places = "Bahnhof Flughafen Hotel Dorf Strand See Berlin München Köln Spanien" },
        new("wohnen", "wohnt", "gewohnt", "live lived living") { Aktionsart = Aktionsart.State, Places = "Haus Wohnung Stadt Dorf Hotel Berlin Wien Köln München Italien Spanien Österreich" },
    ];

    /// <summary>Verbs of motion take a goal, and the perfect with sein.</summary>
    public static readonly Verb[] Motion =
    [
        new("gehen", "geht", "gegangen", "go went going") { TakesSein = true, Places = "Park Garten Markt Museum Kirche Restaurant Café Bibliothek Krankenhaus Theater Kino Bahnhof Strand See Küche Zimmer Hause", Company = "mit" },
        new("fahren", "fährt", "gefahren", "drive drove driving") { TakesSein = true, Places = "Stadt Dorf Bahnhof Flughafen See Strand Büro Krankenhaus Berlin Wien Köln München Italien Österreich Hause", Company = "mit" },
        new("laufen", "läuft", "gelaufen", "run ran running") { TakesSein = true, Places = "Park Wald Bahnhof Strand See Markt Hause" },
        new("kommen", "kommt", "gekommen", "come came coming") { TakesSein = true, Places = "Hause Bahnhof Hotel Café Park Museum Restaurant Kirche Berlin Köln München", Company = "mit" },
        new("reisen", "reist", "gereist", "travel travelled travelling") { TakesSein = true, Places = "Berlin Wien Köln München Italien Spanien Österreich", Company = "mit" },
        new("fliegen", "fliegt", "geflogen", "fly flew flying") { TakesSein = true, Places = "Berlin Wien Köln München Italien Spanien Österreich", Company = "mit" },
        new("zurück|kehren", "kehrt", "zurückgekehrt", "return returned returning") { TakesSein = true, Places = "Hause Hotel Dorf Büro Stadt Berlin Wien München Spanien Italien" },
    ];

    /// <summary>Without object, place or goal: aufstehen, to get up.</summary>
    public static readonly Verb[] Plain =
    [
        new("auf|stehen", "steht", "aufgestanden", "get got getting up") { TakesSein = true },
        new("auf|wachen", "wacht", "aufgewacht", "wake woke waking up") { TakesSein = true, Aktionsart = Aktionsart.Moment },
        new("ein|schlafen", "schläft", "eingeschlafen", "fall fell falling asleep") { TakesSein = true, Aktionsart = Aktionsart.Moment },
    ];

    /// <summary>Verbs that take a clause with dass.</summary>
    public static readonly Verb[] Saying =
    [
        new("wissen", "weiß", "gewusst", "know knew knowing") { Irregular = ["weiß", "weißt", "wisst"], Aktionsart = Aktionsart.State },
        new("glauben", "glaubt", "geglaubt", "believe believed believing") { Aktionsart = Aktionsart.State },
        new("hoffen", "hofft", "gehofft", "hope hoped hoping") { Aktionsart = Aktionsart.State },
        new("sagen", "sagt", "gesagt", "say said saying") { Aktionsart = Aktionsart.State },
        new("denken", "denkt", "gedacht", "think thought thinking") { Aktionsart = Aktionsart.State },
    ];

    public static readonly Verb Be = new("sein", "ist", "gewesen", "be was being")
    {
        Irregular = ["bin", "bist", "seid"],
        IrregularPlural = "sind",
        Preterite = "war",
        TakesSein = true,
        Aktionsart = Aktionsart.State,
    };

    public static readonly Verb Have = new("haben", "hat", "gehabt", "have had having")
    {
        Irregular = ["habe", "hast", "habt"],
        Preterite = "hatte",
        Aktionsart = Aktionsart.State,
        ObjectStyle = ObjectStyle.Indefinite,
        Objects = "@Vehicle Hund Katze Pferd Computer Kamera Zeit Garten Haus Wohnung Bruder Schwester",
    };

    public static readonly Verb Rain = new("regnen", "regnet", "geregnet", "rain rained raining");

    public static readonly Verb Snow = new("schneien", "schneit", "geschneit", "snow snowed snowing");
}
