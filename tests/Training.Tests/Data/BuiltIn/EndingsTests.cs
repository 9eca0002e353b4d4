using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Words;
using Xunit;

namespace Training.Tests.Data.BuiltIn;

public class EndingsTests
{
    // Masculine, feminine, neuter and plural phrases in the nominative, accusative and dative, as a grammar book prints them.
    [Theory]
    [InlineData(nameof(Determiner.Definite), "der alte Tisch, den alten Tisch, dem alten Tisch; die alte Lampe, die alte Lampe, der alten Lampe; das alte Buch, das alte Buch, dem alten Buch; die alten Bücher, die alten Bücher, den alten Büchern")]
    [InlineData(nameof(Determiner.Demonstrative), "dieser alte Tisch, diesen alten Tisch, diesem alten Tisch; diese alte Lampe, diese alte Lampe, dieser alten Lampe; dieses alte Buch, dieses alte Buch, diesem alten Buch; diese alten Bücher, diese alten Bücher, diesen alten Büchern")]
    [InlineData(nameof(Determiner.Negative), "kein alter Tisch, keinen alten Tisch, keinem alten Tisch; keine alte Lampe, keine alte Lampe, keiner alten Lampe; kein altes Buch, kein altes Buch, keinem alten Buch; keine alten Bücher, keine alten Bücher, keinen alten Büchern")]
    [InlineData(nameof(Determiner.Our), "unser alter Tisch, unseren alten Tisch, unserem alten Tisch; unsere alte Lampe, unsere alte Lampe, unserer alten Lampe; unser altes Buch, unser altes Buch, unserem alten Buch; unsere alten Bücher, unsere alten Bücher, unseren alten Büchern")]
    [InlineData(nameof(Determiner.None), "alter Tisch, alten Tisch, altem Tisch; alte Lampe, alte Lampe, alter Lampe; altes Buch, altes Buch, altem Buch; alte Bücher, alte Bücher, alten Büchern")]
    public void Articles_and_adjectives_decline(string determiner, string table)
    {
        var rows = table.Split("; ").Select(row => row.Split(", ")).ToArray();
        string[] nouns = ["Tisch", "Lampe", "Buch", "Buch"];
        for (int row = 0; row < 4; row++)
        {
            foreach (Case @case in Enum.GetValues<Case>())
            {
                var phrase = new NounPhrase(Enum.Parse<Determiner>(determiner), Lexicon.Adjective("alt"), Lexicon.Noun(nouns[row]), row == 3 ? Number.Plural : Number.Singular);
                var output = new List<Token>();
                phrase.AppendGerman(output, @case);
                Assert.Equal(rows[row][(int)@case], string.Join(' ', output));
            }
        }
    }

    [Theory]
    [InlineData(nameof(Determiner.Indefinite), "ein junger Nachbar, einen jungen Nachbarn, einem jungen Nachbarn")]
    [InlineData(nameof(Determiner.Definite), "der junge Nachbar, den jungen Nachbarn, dem jungen Nachbarn")]
    public void Weak_nouns_add_n(string determiner, string forms)
    {
        var phrase = new NounPhrase(Enum.Parse<Determiner>(determiner), Lexicon.Adjective("jung"), Lexicon.Noun("Nachbar"));
        Assert.Equal(forms, string.Join(", ", Enum.GetValues<Case>().Select(@case =>
        {
            var output = new List<Token>();
            phrase.AppendGerman(output, @case);
            return string.Join(' ', output);
        })));
    }

    [Fact]
    public void Exactly_these_nouns_are_weak() => Assert.Equal(
        ["Junge", "Kollege", "Nachbar", "Student"],
        Lexicon.Nouns.Where(noun => noun.IsWeak).Select(noun => noun.German).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("lesen", "lese liest liest lesen lest lesen")]
    [InlineData("fahren", "fahre fährst fährt fahren fahrt fahren")]
    [InlineData("arbeiten", "arbeite arbeitest arbeitet arbeiten arbeitet arbeiten")]
    [InlineData("einladen", "lade lädst lädt laden ladet laden")]
    [InlineData("öffnen", "öffne öffnest öffnet öffnen öffnet öffnen")]
    [InlineData("wohnen", "wohne wohnst wohnt wohnen wohnt wohnen")]
    [InlineData("putzen", "putze putzt putzt putzen putzt putzen")]
    [InlineData("reisen", "reise reist reist reisen reist reisen")]
    [InlineData("füttern", "füttere fütterst füttert füttern füttert füttern")]
    [InlineData("essen", "esse isst isst essen esst essen")]
    [InlineData("sitzen", "sitze sitzt sitzt sitzen sitzt sitzen")]
    [InlineData("treffen", "treffe triffst trifft treffen trefft treffen")]
    [InlineData("wissen", "weiß weißt weiß wissen wisst wissen")]
    [InlineData("haben", "habe hast hat haben habt haben")]
    [InlineData("sein", "bin bist ist sind seid sind")]
    public void Verbs_conjugate(string infinitive, string forms)
    {
        Verb verb = Lexicon.Verb(infinitive);
        Assert.Equal(forms, string.Join(' ',
            from number in Enum.GetValues<Number>()
            from person in Enum.GetValues<Person>()
            select verb.PresentForm(person, number)));
    }
}
