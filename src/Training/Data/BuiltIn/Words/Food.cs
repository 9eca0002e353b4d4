namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>What people eat and drink.</summary>
internal static class Food
{
    public static readonly Noun[] All =
    [
        .. Noun.ParseAll(Kind.Fruit, """
            der Apfel/Äpfel apple/apples, die Birne/Birnen pear/pears, die Orange/Orangen orange/oranges
            die Banane/Bananen banana/bananas, die Tomate/Tomaten tomato/tomatoes
            """),
        .. Noun.ParseAll(Kind.Baked, "der Kuchen/Kuchen cake/cakes, das Brötchen/Brötchen roll/rolls"),
        .. Noun.ParseAll(Kind.Baked, "das Brot bread", Count.Mass),
        .. Noun.ParseAll(Kind.Dish, "die Suppe/Suppen soup/soups, die Pizza/Pizzen pizza/pizzas, der Salat/Salate salad/salads"),
        .. Noun.ParseAll(Kind.Staple, "das Ei/Eier egg/eggs, die Kartoffel/Kartoffeln potato/potatoes, die Wurst/Würste sausage/sausages"),
        .. Noun.ParseAll(Kind.Staple, "der Käse cheese, das Fleisch meat, der Fisch fish, der Reis rice", Count.Mass),
        .. Noun.ParseAll(Kind.HotDrink, "der Kaffee coffee, der Tee tea, die Milch milk", Count.Mass),
        .. Noun.ParseAll(Kind.ColdDrink, "das Wasser water, der Saft juice, der Wein wine, das Bier beer", Count.Mass),
    ];
}
