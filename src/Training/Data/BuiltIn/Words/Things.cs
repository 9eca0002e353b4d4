namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>What people read, wear, own, use and watch.</summary>
internal static class Things
{
    public static readonly Noun[] All =
    [
        .. Noun.ParseAll(Kind.Reading, """
            das Buch/Bücher book/books, die Zeitung/Zeitungen newspaper/newspapers, der Brief/Briefe letter/letters
            die Geschichte/Geschichten story/stories, der Roman/Romane novel/novels, das Gedicht/Gedichte poem/poems
            der Bericht/Berichte report/reports, die Postkarte/Postkarten postcard/postcards
            """),
        .. Noun.ParseAll(Kind.Show, "der Film/Filme film/films, das Lied/Lieder song/songs"),
        .. Noun.ParseAll(Kind.Vehicle, "das Auto/Autos car/cars, das Fahrrad/Fahrräder bicycle/bicycles, das Boot/Boote boat/boats"),
        .. Noun.ParseAll(Kind.Furniture, """
            der Tisch/Tische table/tables, der Stuhl/Stühle chair/chairs, die Lampe/Lampen lamp/lamps
            der Schrank/Schränke cupboard/cupboards, das Bett/Betten bed/beds
            """),
        .. Noun.ParseAll(Kind.Clothing, """
            der Hut/Hüte hat/hats, die Jacke/Jacken jacket/jackets, das Hemd/Hemden shirt/shirts
            das Kleid/Kleider dress/dresses, der Mantel/Mäntel coat/coats, der Rock/Röcke skirt/skirts
            """),
        .. Noun.ParseAll(Kind.Device, """
            der Computer/Computer computer/computers, das Telefon/Telefone telephone/telephones
            die Kamera/Kameras camera/cameras, die Uhr/Uhren watch/watches
            """),
        .. Noun.ParseAll(Kind.Thing, """
            die Tasche/Taschen bag/bags, der Koffer/Koffer suitcase/suitcases, der Ball/Bälle ball/balls
            das Geschenk/Geschenke present/presents, die Flasche/Flaschen bottle/bottles, das Bild/Bilder picture/pictures
            der Schlüssel/Schlüssel key/keys, die Tür/Türen door/doors, das Fenster/Fenster window/windows
            """),
        .. Noun.ParseAll(Kind.Plant, "die Blume/Blumen flower/flowers, der Baum/Bäume tree/trees"),
        .. Noun.ParseAll(Kind.Abstract, "die Zeit time", Count.Mass),
    ];
}
