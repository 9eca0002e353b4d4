namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>Verbs with an accusative object, and those with a dative.</summary>
internal static class TransitiveVerbs
{
    private const string Goods = "@Vehicle @Furniture @Clothing @Device Tasche Koffer Ball Geschenk Bild Blume Buch Zeitung";

    public static readonly Verb[] Accusative =
    [
        new("lesen", "liest", "gelesen", "read read reading") { Objects = "@Reading", Places = "Garten Park Bibliothek Café Küche Zimmer Büro Hotel Strand Hause" },
        new("schreiben", "schreibt", "geschrieben", "write wrote writing") { Objects = "Brief Geschichte Roman Gedicht Bericht Postkarte Buch", Places = "Büro Zimmer Café Bibliothek Garten Hotel Hause" },
        new("auf|schreiben", "schreibt", "aufgeschrieben", "write wrote writing down") { Objects = "Geschichte Gedicht Lied", Places = "Büro Zimmer Bibliothek", IsUnique = true },
        new("kaufen", "kauft", "gekauft", "buy bought buying") { Objects = Goods + " @Fruit @Baked @Staple @ColdDrink", Places = "Markt Köln Wien Stadt Berlin", Company = "für" },
        new("verkaufen", "verkauft", "verkauft", "sell sold selling") { Objects = Goods + " Haus Boot Wohnung", IsUnique = true },
        new("essen", "isst", "gegessen", "eat ate eating") { Objects = "@Fruit @Baked @Dish @Staple", Places = "Restaurant Café Küche Hotel Garten Park Hause", Company = "mit" },
        new("trinken", "trinkt", "getrunken", "drink drank drinking") { Objects = "@HotDrink @ColdDrink", Places = "Restaurant Café Küche Hotel Garten Büro Hause", Company = "mit" },
        new("kochen", "kocht", "gekocht", "cook cooked cooking") { Objects = "Suppe Kartoffel Reis Fisch Fleisch Ei", Places = "Küche Restaurant Hause", Company = "für" },
        new("bestellen", "bestellt", "bestellt", "order ordered ordering") { Objects = "@Dish @HotDrink @ColdDrink Kuchen Fisch Wurst", Places = "Restaurant Café Hotel", Company = "für", ObjectStyle = ObjectStyle.Indefinite },
        new("schneiden", "schneidet", "geschnitten", "cut cut cutting") { Objects = "Brot Kuchen Apfel Birne Tomate Käse Fleisch Wurst", Places = "Küche Garten", IsUnique = true },
        new("probieren", "probiert", "probiert", "try tried trying") { Objects = "@Dish @Baked @Fruit Wein Bier Käse", Places = "Restaurant Café Markt Hotel" },
        new("suchen", "sucht", "gesucht", "look looked looking for") { Objects = "Schlüssel Buch Brief Tasche Koffer Hut Jacke Kamera Ball Hund Katze Restaurant Hotel", Places = "Garten Park Bahnhof Hotel Büro Museum Strand", IsUnique = true },
        new("finden", "findet", "gefunden", "find found finding") { Objects = "Schlüssel Buch Brief Tasche Koffer Hut Jacke Kamera Ball Hund Katze Wohnung", Aktionsart = Aktionsart.Moment, Places = "Garten Park Bahnhof Hotel Büro Museum Strand Wald" },
        new("verlieren", "verliert", "verloren", "lose lost losing") { Objects = "Schlüssel Brief Tasche Koffer Hut Ball Kamera Uhr", Aktionsart = Aktionsart.Moment, Places = "Park Bahnhof Hotel Museum Strand Wald Stadt Kino Theater" },
        new("bekommen", "bekommt", "bekommen", "receive received receiving") { Objects = "Brief Geschenk Postkarte Bericht Blume", Aktionsart = Aktionsart.Moment, ObjectStyle = ObjectStyle.Indefinite },
        new("tragen", "trägt", "getragen", "wear wore wearing") { Objects = "@Clothing", ObjectStyle = ObjectStyle.Definite },
        new("an|ziehen", "zieht", "angezogen", "put put putting on") { Objects = "@Clothing", ObjectStyle = ObjectStyle.Definite },
        new("waschen", "wäscht", "gewaschen", "wash washed washing") { Objects = "Auto Hemd Kleid Rock Jacke Apfel Tomate Hund Pferd", ObjectStyle = ObjectStyle.Definite },
        new("putzen", "putzt", "geputzt", "clean cleaned cleaning") { Objects = "Küche Fenster Zimmer Wohnung Tür Fahrrad", ObjectStyle = ObjectStyle.Definite },
        new("reparieren", "repariert", "repariert", "repair repaired repairing") { Objects = "@Vehicle @Device Lampe Stuhl Schrank Tür", IsUnique = true, ObjectStyle = ObjectStyle.Definite },
        new("malen", "malt", "gemalt", "paint painted painting") { Objects = "Bild Baum Blume Haus Pferd Kirche", Places = "Garten Park Zimmer Strand Hause", Company = "für", IsUnique = true },
        new("bauen", "baut", "gebaut", "build built building") { Objects = "Haus Boot Tisch Stuhl Schrank Bett", Places = "Dorf Stadt", Company = "für", IsUnique = true, ObjectStyle = ObjectStyle.Indefinite },
        new("fotografieren", "fotografiert", "fotografiert", "photograph photographed photographing") { Objects = "@Animal Blume Baum Haus Kirche Stadt Dorf" },
        new("füttern", "füttert", "gefüttert", "feed fed feeding") { Objects = "@Animal", Places = "Garten Park", ObjectStyle = ObjectStyle.Definite },
        new("öffnen", "öffnet", "geöffnet", "open opened opening") { Objects = "Tür Fenster Koffer Flasche Brief Geschenk Schrank Tasche", ObjectStyle = ObjectStyle.Definite },
        new("zu|machen", "macht", "zugemacht", "close closed closing") { Objects = "Tür Fenster Koffer Schrank Tasche", IsUnique = true, ObjectStyle = ObjectStyle.Definite },
        new("an|sehen", "sieht", "angesehen", "look looked looking at") { Objects = "Bild Haus Film Kirche Auto Wohnung", IsUnique = true },
        new("mit|bringen", "bringt", "mitgebracht", "bring brought bringing along") { Objects = "Kuchen Wein Salat Geschenk Blume Ball Hund", Company = "für", IsUnique = true },
        new("weg|werfen", "wirft", "weggeworfen", "throw threw throwing away") { Objects = "Zeitung Flasche Stuhl Brief Lampe Hut", IsUnique = true, ObjectStyle = ObjectStyle.Definite },
        new("vor|bereiten", "bereitet", "vorbereitet", "prepare prepared preparing") { Objects = "@Dish Fisch Fleisch Bericht Zimmer", Company = "für", IsUnique = true },
        new("ein|packen", "packt", "eingepackt", "pack packed packing") { Objects = "Hemd Kleid Jacke Mantel Buch Kamera Geschenk", Company = "für", IsUnique = true },
        new("besuchen", "besucht", "besucht", "visit visited visiting") { Objects = "@Person Museum Kirche Stadt Dorf", ObjectStyle = ObjectStyle.Definite },
        new("treffen", "trifft", "getroffen", "meet met meeting") { Objects = "@Person", Places = "Park Café Restaurant Museum Bahnhof Flughafen Kirche Strand Theater Kino Berlin Wien Krankenhaus Stadt Dorf See" },
        new("fragen", "fragt", "gefragt", "ask asked asking") { Objects = "@Person", Aktionsart = Aktionsart.Moment, ObjectStyle = ObjectStyle.Definite },
        new("sehen", "sieht", "gesehen", "see saw seeing") { Objects = "@Person @Animal Film Auto Boot", Aktionsart = Aktionsart.Moment, Places = "Stadt Park Garten Berlin Dorf Bahnhof" },
        new("an|rufen", "ruft", "angerufen", "call called calling") { Objects = "@Person", ObjectStyle = ObjectStyle.Definite },
        new("ein|laden", "lädt", "eingeladen", "invite invited inviting") { Objects = "@Person", ObjectStyle = ObjectStyle.Definite },
        new("ab|holen", "holt", "abgeholt", "pick picked picking up") { Objects = "@Person Koffer Geschenk Tasche", ObjectStyle = ObjectStyle.Definite },
        new("singen", "singt", "gesungen", "sing sang singing") { Objects = "Lied", Places = "Kirche Theater Park Garten Küche", Company = "mit" },
        new("kennen", "kennt", "gekannt", "know knew knowing") { Objects = "@Person Film Lied Geschichte Stadt Dorf Restaurant", Aktionsart = Aktionsart.State, ObjectStyle = ObjectStyle.Definite },
        new("lieben", "liebt", "geliebt", "love loved loving") { Objects = "@Animal @Baked Stadt Dorf Lied Garten Wein Käse Kaffee", Aktionsart = Aktionsart.State, ObjectStyle = ObjectStyle.Definite },
        new("brauchen", "braucht", "gebraucht", "need needed needing") { Objects = "@Vehicle @Device @Clothing Koffer Tasche Tisch Lampe Bett Wohnung Zeit", Aktionsart = Aktionsart.State, ObjectStyle = ObjectStyle.Indefinite },
        new("verstehen", "versteht", "verstanden", "understand understood understanding") { Objects = "Film Geschichte Gedicht Bericht Buch Lied", Aktionsart = Aktionsart.State, ObjectStyle = ObjectStyle.Definite },
    ];

    public static readonly Verb[] Dative =
    [
        new("helfen", "hilft", "geholfen", "help helped helping") { Objects = "@Person", ObjectStyle = ObjectStyle.Definite },
        new("danken", "dankt", "gedankt", "thank thanked thanking") { Objects = "@Person", Aktionsart = Aktionsart.Moment, ObjectStyle = ObjectStyle.Definite },
        new("antworten", "antwortet", "geantwortet", "answer answered answering") { Objects = "@Person", Aktionsart = Aktionsart.Moment, ObjectStyle = ObjectStyle.Definite },
        new("zu|hören", "hört", "zugehört", "listen listened listening to") { Objects = "@Person", ObjectStyle = ObjectStyle.Definite },
    ];

    /// <summary>Verbs with a dative (a person) and an accusative (a thing): English takes the same order without "to".</summary>
    public static readonly Verb[] Ditransitive =
    [
        new("geben", "gibt", "gegeben", "give gave giving") { Objects = "Buch Schlüssel Apfel Ball Brief Tasche Flasche Brötchen" },
        new("zeigen", "zeigt", "gezeigt", "show showed showing") { Objects = "Bild Garten Haus Stadt Wohnung Brief Kamera Zimmer Film", ObjectStyle = ObjectStyle.Definite },
        new("schicken", "schickt", "geschickt", "send sent sending") { Objects = "Brief Postkarte Geschenk Bericht Bild Blume" },
        new("bringen", "bringt", "gebracht", "bring brought bringing") { Objects = "Kaffee Tee Suppe Zeitung Blume Wasser Kuchen Stuhl" },
        new("erzählen", "erzählt", "erzählt", "tell told telling") { Objects = "Geschichte" },
        new("leihen", "leiht", "geliehen", "lend lent lending") { Objects = "@Vehicle Buch Roman Kamera Koffer Mantel", IsUnique = true },
    ];
}
