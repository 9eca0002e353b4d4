using Transformer.Training.Data.BuiltIn;
using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Words;
using Xunit;
using static Training.Tests.Data.BuiltIn.Tree;

namespace Training.Tests.Data.BuiltIn;

public class QuestionAndSubordinateClauseTests
{
    [Fact]
    public void Yes_no_questions_begin_with_the_verb() => Asks(
        new(You, Lexicon.Verb("kochen")) { Accusative = The("Suppe"), Front = Front.None },
        "Kochst du die Suppe?", "Are you cooking the soup?");

    [Fact]
    public void Questions_about_the_past_take_did() => Asks(
        new(YouAll, Lexicon.Verb("besuchen")) { Tense = Tense.Perfect, Accusative = The("Lehrer"), Front = Front.None },
        "Habt ihr den Lehrer besucht?", "Did you visit the teacher?");

    [Fact]
    public void Questions_about_states_take_do() => Asks(
        new(The("Schüler"), Lexicon.Verb("brauchen")) { Accusative = A("Tasche", "groß"), Front = Front.None },
        "Braucht der Schüler eine große Tasche?", "Does the pupil need a big bag?");

    [Fact]
    public void Was_asks_for_the_object() => Asks(
        new(The("Mann"), Lexicon.Verb("lesen")) { Tense = Tense.Perfect, Accusative = new QuestionPronoun(false), Place = At("Garten"), Time = Time("gestern"), Front = Front.Object },
        "Was hat der Mann gestern im Garten gelesen?", "What did the man read in the garden yesterday?");

    [Fact]
    public void Wen_asks_for_a_person() => Asks(
        new(She, Lexicon.Verb("einladen")) { Modal = Modal.Want, Accusative = new QuestionPronoun(true), Time = Time("morgen"), Front = Front.Object },
        "Wen will sie morgen einladen?", "Who does she want to invite tomorrow?");

    [Fact]
    public void Wer_asks_for_the_subject_without_do() => Asks(
        new(new QuestionPronoun(true), Lexicon.Verb("öffnen")) { Tense = Tense.Perfect, Accusative = The("Fenster") },
        "Wer hat das Fenster geöffnet?", "Who opened the window?");

    [Fact]
    public void Welches_agrees_with_its_noun() => Asks(
        new(You, Lexicon.Verb("suchen")) { Accusative = One(Determiner.Interrogative, "Koffer", "schwer"), Front = Front.Object },
        "Welchen schweren Koffer suchst du?", "Which heavy suitcase are you looking for?");

    [Fact]
    public void Wo_asks_for_the_place() => Asks(
        new(The("Tochter"), Lexicon.Verb("arbeiten")) { QuestionAdverb = QuestionAdverb.Where, Front = Front.QuestionAdverb, Time = Time("heute") },
        "Wo arbeitet die Tochter heute?", "Where is the daughter working today?");

    [Fact]
    public void Wohin_asks_for_the_goal() => Asks(
        new(Several(Determiner.Your, "Freund"), Lexicon.Verb("reisen")) { Tense = Tense.Perfect, QuestionAdverb = QuestionAdverb.WhereTo, Front = Front.QuestionAdverb },
        "Wohin sind deine Freunde gereist?", "Where did your friends travel?");

    [Fact]
    public void Wann_and_warum_stand_first() => Asks(
        new(He, Lexicon.Verb("aufstehen")) { Modal = Modal.Must, QuestionAdverb = QuestionAdverb.When, Front = Front.QuestionAdverb },
        "Wann muss er aufstehen?", "When does he have to get up?");

    [Fact]
    public void Weil_sends_the_verb_to_the_end() => Golden.Check(
        new(Clause(The("Gärtner"), "bleiben").With(clause => clause.Place = At("Hause")),
            new(He, IntransitiveVerbs.Be) { Predicate = Is("krank"), Conjunction = Conjunction.Because }),
        "Der Gärtner bleibt zu Hause, weil er krank ist.", "The gardener is staying at home because he is sick.");

    [Fact]
    public void A_subordinate_clause_in_front_is_the_first_constituent() => Golden.Check(
        new(new(She, Lexicon.Verb("gehen")) { Tense = Tense.Perfect, Goal = To("See"), Front = Front.None },
            new(The("Künstlerin"), Lexicon.Verb("haben")) { Tense = Tense.Preterite, Accusative = No("Zeit"), IsNegated = true, Conjunction = Conjunction.Although },
            subordinateFirst: true),
        "Obwohl die Künstlerin keine Zeit hatte, ist sie an den See gegangen.",
        "Although the artist did not have any time, she went to the lake.");

    [Fact]
    public void Wenn_makes_both_clauses_habitual() => Golden.Check(
        new(new(I, Lexicon.Verb("lesen")) { Accusative = A("Roman", "interessant"), IsHabitual = true, Front = Front.None },
            Clause(It, "regnen").With(clause => (clause.Conjunction, clause.IsHabitual) = (Conjunction.When, true)),
            subordinateFirst: true),
        "Wenn es regnet, lese ich einen interessanten Roman.", "When it rains, I read an interesting novel.");

    [Fact]
    public void Dass_joins_the_separable_prefix_to_the_verb() => Golden.Check(
        new(new(One(Determiner.None, "Maria"), Lexicon.Verb("glauben")),
            new(One(Determiner.Her, "Sohn"), Lexicon.Verb("anrufen")) { Accusative = The("Arzt"), Conjunction = Conjunction.That }),
        "Maria glaubt, dass ihr Sohn den Arzt anruft.", "Maria believes that her son is calling the doctor.");

    [Fact]
    public void In_a_dass_clause_the_auxiliary_follows_the_participle() => Golden.Check(
        new(new(You, Lexicon.Verb("wissen")),
            new(They, Lexicon.Verb("zurückkehren")) { Tense = Tense.Perfect, Goal = To("Wien"), Conjunction = Conjunction.That }),
        "Du weißt, dass sie nach Wien zurückgekehrt sind.", "You know that they returned to Vienna.");

    [Fact]
    public void Ob_is_whether() => Golden.Check(
        new(new(We, Lexicon.Verb("wissen")) { IsNegated = true },
            new(The("Tante"), Lexicon.Verb("putzen")) { Modal = Modal.Should, Accusative = The("Wohnung", "schmutzig"), Conjunction = Conjunction.Whether }),
        "Wir wissen nicht, ob die Tante die schmutzige Wohnung putzen soll.", "We do not know whether the aunt should clean the dirty flat.");

    [Fact]
    public void A_relative_pronoun_can_be_the_object()
    {
        var gap = new RelativePronoun(Gender.Masculine, Number.Singular, isPerson: false);
        var relative = new Clause(I, Lexicon.Verb("kaufen")) { Tense = Tense.Perfect, Accusative = gap, Gap = gap, Time = Time("letzte Woche") };
        var subject = new NounPhrase(Determiner.Definite, null, Lexicon.Noun("Stuhl")) { Relative = relative };
        Golden.Check(new(new(subject, IntransitiveVerbs.Be) { Predicate = Is("modern") }),
            "Der Stuhl, den ich letzte Woche gekauft habe, ist modern.", "The chair that I bought last week is modern.");
    }

    [Fact]
    public void A_relative_pronoun_can_be_the_subject()
    {
        var gap = new RelativePronoun(Gender.Feminine, Number.Singular, isPerson: true);
        var relative = new Clause(gap, Lexicon.Verb("wohnen")) { Gap = gap, Place = At("Berlin") };
        var person = new NounPhrase(Determiner.Definite, null, Lexicon.Noun("Nachbarin")) { Relative = relative };
        Golden.Check(new(new(They, Lexicon.Verb("kennen")) { Accusative = person }),
            "Sie kennen die Nachbarin, die in Berlin wohnt.", "They know the neighbour who lives in Berlin.");
    }

    [Fact]
    public void The_participle_at_the_end_crosses_the_object()
    {
        AlignedPair pair = Golden.Check(
            new(new(I, Lexicon.Verb("lesen")) { Tense = Tense.Perfect, Accusative = The("Buch") }),
            "Ich habe das Buch gelesen.", "I read the book.");
        Assert.Equal([(0, 0), (1, 1), (2, 2), (3, 3), (4, 1), (5, 4)], pair.Alignment);
        Assert.True(pair.HasCrossing);
    }

    private static void Asks(Clause clause, string german, string english)
    {
        clause.IsQuestion = true;
        Golden.Check(new Sentence(clause), german, english);
    }
}

internal static class ClauseExtensions
{
    public static Clause With(this Clause clause, Action<Clause> change)
    {
        change(clause);
        return clause;
    }
}
