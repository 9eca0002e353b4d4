using Transformer.Training.Data.BuiltIn;
using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Words;
using Xunit;
using static Training.Tests.Data.BuiltIn.Tree;

namespace Training.Tests.Data.BuiltIn;

public class MainClauseTests
{
    [Fact]
    public void The_present_of_an_activity_is_progressive() => Translates(
        new(The("Mann", "alt"), Lexicon.Verb("lesen")) { Accusative = A("Buch", "neu") },
        "Der alte Mann liest ein neues Buch.", "The old man is reading a new book.");

    [Fact]
    public void The_present_of_a_state_is_simple() => Translates(
        new(I, Lexicon.Verb("kennen")) { Accusative = The("Junge", "klug") },
        "Ich kenne den klugen Jungen.", "I know the clever boy.");

    [Fact]
    public void The_present_of_a_habit_is_simple() => Translates(
        new(She, Lexicon.Verb("trinken")) { Accusative = Bare("Kaffee", "heiß"), Time = Time("jeden Morgen") },
        "Sie trinkt jeden Morgen heißen Kaffee.", "She drinks hot coffee every morning.");

    [Fact]
    public void The_present_with_a_future_time_is_the_future() => Translates(
        new(They, Lexicon.Verb("fliegen")) { Goal = To("Italien"), Time = Time("nächste Woche") },
        "Sie fliegen nächste Woche nach Italien.", "They will fly to Italy next week.");

    [Fact]
    public void The_future_has_werden_and_the_infinitive_at_the_end() => Translates(
        new(I, Lexicon.Verb("anrufen")) { Modal = Modal.Will, Accusative = One(Determiner.My, "Tante"), Time = Time("morgen") },
        "Ich werde morgen meine Tante anrufen.", "I will call my aunt tomorrow.");

    [Fact]
    public void The_perfect_with_haben_has_its_participle_at_the_end() => Translates(
        new(The("Mutter"), Lexicon.Verb("schreiben")) { Tense = Tense.Perfect, Accusative = A("Brief", "lang"), Place = At("Küche"), Time = Time("gestern") },
        "Die Mutter hat gestern in der Küche einen langen Brief geschrieben.", "The mother wrote a long letter in the kitchen yesterday.");

    [Fact]
    public void Motion_takes_the_perfect_with_sein() => Translates(
        new(We, Lexicon.Verb("gehen")) { Tense = Tense.Perfect, Goal = To("Park", "groß"), Time = Time("gestern Abend") },
        "Wir sind gestern Abend in den großen Park gegangen.", "We went to the big park yesterday evening.");

    [Fact]
    public void A_time_in_front_inverts_subject_and_verb() => Translates(
        new(The("Kind"), Lexicon.Verb("essen")) { Tense = Tense.Perfect, Accusative = A("Apfel", "süß"), Time = Time("heute Morgen"), Front = Front.Time },
        "Heute Morgen hat das Kind einen süßen Apfel gegessen.", "This morning the child ate a sweet apple.");

    [Fact]
    public void A_place_in_front_inverts_subject_and_verb() => Translates(
        new(Several(Determiner.Definite, "Kind"), Lexicon.Verb("spielen")) { Place = At("Garten"), Companion = With(The("Hund", "klein")), Front = Front.Place },
        "Im Garten spielen die Kinder mit dem kleinen Hund.", "In the garden the children are playing with the small dog.");

    [Fact]
    public void A_separable_prefix_goes_to_the_end() => Translates(
        new(One(Determiner.My, "Bruder"), Lexicon.Verb("abholen")) { Accusative = The("Gast"), Time = Time("heute") },
        "Mein Bruder holt heute den Gast ab.", "My brother is picking up the guest today.");

    [Fact]
    public void An_object_pronoun_follows_the_finite_verb_and_splits_the_English_particle() => Translates(
        new(She, Lexicon.Verb("abholen")) { Tense = Tense.Perfect, Accusative = He, Time = Time("gestern") },
        "Sie hat ihn gestern abgeholt.", "She picked him up yesterday.");

    [Fact]
    public void A_prepositional_particle_stays_before_its_pronoun() => Translates(
        new(I, Lexicon.Verb("zuhören")) { Dative = She },
        "Ich höre ihr zu.", "I am listening to her.");

    [Fact]
    public void The_dative_stands_before_the_accusative() => Translates(
        new(The("Vater"), Lexicon.Verb("geben")) { Dative = One(Determiner.His, "Sohn", "jung"), Accusative = The("Schlüssel") },
        "Der Vater gibt seinem jungen Sohn den Schlüssel.", "The father is giving his young son the key.");

    [Fact]
    public void Verbs_with_the_dative_take_it() => Translates(
        new(You, Lexicon.Verb("helfen")) { Dative = The("Student", "müde"), Frequency = Often("oft") },
        "Du hilfst oft dem müden Studenten.", "You often help the tired student.");

    [Fact]
    public void A_modal_has_its_infinitive_at_the_end() => Translates(
        new(The("Ärztin"), Lexicon.Verb("kaufen")) { Modal = Modal.Must, Accusative = Several(Determiner.Three, "Stuhl", "neu"), Time = Time("heute") },
        "Die Ärztin muss heute drei neue Stühle kaufen.", "The doctor has to buy three new chairs today.");

    [Fact]
    public void A_modal_in_the_past_is_a_preterite() => Translates(
        new(Several(Determiner.Definite, "Student"), Lexicon.Verb("lernen")) { Modal = Modal.Want, Tense = Tense.Preterite, Place = At("Bibliothek") },
        "Die Studenten wollten in der Bibliothek lernen.", "The students wanted to study in the library.");

    [Fact]
    public void Permission_agrees_with_the_subject() => Translates(
        new(They, Lexicon.Verb("fernsehen")) { Modal = Modal.May, IsNegated = true },
        "Sie dürfen nicht fernsehen.", "They are not allowed to watch television.");

    [Fact]
    public void Nicht_follows_the_definite_object() => Translates(
        new(He, Lexicon.Verb("lesen")) { Tense = Tense.Perfect, Accusative = The("Zeitung"), IsNegated = true },
        "Er hat die Zeitung nicht gelesen.", "He did not read the newspaper.");

    [Fact]
    public void Vor_with_a_time_is_ago_and_its_words_are_aligned()
    {
        Sentence sentence = new(new(He, Lexicon.Verb("verlieren"))
        {
            Tense = Tense.Perfect,
            Accusative = One(Determiner.His, "Uhr"),
            Time = Time("vor einer Stunde"),
        });
        AlignedPair pair = sentence.ToPair();
        Assert.Equal(("Er hat vor einer Stunde seine Uhr verloren.", "He lost his watch an hour ago."), (pair.Source, pair.Target));
        Assert.Equal([(2, 6), (3, 4), (4, 5)], pair.Alignment.Where(link => link.Source is >= 2 and <= 4));
    }

    [Fact]
    public void Nicht_precedes_the_goal() => Translates(
        new(The("Frau"), Lexicon.Verb("fahren")) { Goal = To("Bahnhof"), Time = Time("heute"), IsNegated = true },
        "Die Frau fährt heute nicht zum Bahnhof.", "The woman is not driving to the station today.");

    [Fact]
    public void Kein_negates_an_indefinite_object() => Translates(
        new(One(Determiner.Our, "Nachbar"), Lexicon.Verb("haben")) { Accusative = No("Auto"), IsNegated = true },
        "Unser Nachbar hat kein Auto.", "Our neighbour does not have a car.");

    [Fact]
    public void Kein_with_a_mass_noun_is_not_any() => Translates(
        new(I, Lexicon.Verb("trinken")) { Modal = Modal.Can, Accusative = No("Milch", "kalt"), IsNegated = true },
        "Ich kann keine kalte Milch trinken.", "I cannot drink any cold milk.");

    [Fact]
    public void Sein_has_a_predicate_without_ending() => Translates(
        new(Several(Determiner.Demonstrative, "Mantel"), IntransitiveVerbs.Be) { Tense = Tense.Preterite, Predicate = Is("teuer", very: true) },
        "Diese Mäntel waren sehr teuer.", "These coats were very expensive.");

    [Fact]
    public void A_frequency_stands_before_the_English_verb() => Translates(
        new(One(Determiner.Her, "Großmutter"), Lexicon.Verb("bleiben")) { Place = At("Hause"), Frequency = Often("manchmal") },
        "Ihre Großmutter bleibt manchmal zu Hause.", "Her grandmother sometimes stays at home.");

    [Fact]
    public void Home_as_a_goal_has_no_preposition_in_English() => Translates(
        new(The("Mädchen"), Lexicon.Verb("laufen")) { Goal = To("Hause"), Tense = Tense.Perfect },
        "Das Mädchen ist nach Hause gelaufen.", "The girl ran home.");

    [Fact]
    public void Fuer_takes_the_accusative() => Translates(
        new(One(Determiner.None, "Anna"), Lexicon.Verb("kochen")) { Companion = For(One(Determiner.Her, "Freund", "krank")), Accusative = A("Suppe", "warm") },
        "Anna kocht für ihren kranken Freund eine warme Suppe.", "Anna is cooking a warm soup for her sick friend.");

    [Fact]
    public void The_dative_plural_ends_in_n() => Translates(
        new(We, Lexicon.Verb("sprechen")) { Companion = With(Several(Determiner.Many, "Kind", "klug")), Place = At("Strand") },
        "Wir sprechen mit vielen klugen Kindern am Strand.", "We are speaking with many clever children at the beach.");

    [Fact]
    public void A_dark_room_loses_its_e() => Translates(
        new(YouAll, Lexicon.Verb("schlafen")) { Place = new("in", Case.Dative, "in", A("Zimmer", "dunkel")), Tense = Tense.Perfect },
        "Ihr habt in einem dunklen Zimmer geschlafen.", "You slept in a dark room.");

    [Fact]
    public void Two_days_ago_is_vor_with_the_dative() => Translates(
        new(One(Determiner.None, "Peter"), Lexicon.Verb("ankommen")) { Place = At("Flughafen"), Tense = Tense.Perfect, Time = Time("vor zwei Tagen"), Front = Front.Time },
        "Vor zwei Tagen ist Peter am Flughafen angekommen.", "Two days ago Peter arrived at the airport.");

    private static void Translates(Clause clause, string german, string english) =>
        Golden.Check(new Sentence(clause), german, english);
}

internal static class Golden
{
    public static AlignedPair Check(Sentence sentence, string german, string english)
    {
        AlignedPair pair = sentence.ToPair();
        Assert.Equal(german, pair.Source);
        Assert.Equal(english, pair.Target);
        return pair;
    }
}
