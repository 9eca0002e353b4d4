using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Words;

namespace Transformer.Training.Data.BuiltIn.Sampling;

/// <summary>
/// The reserved combinations: about one in <see cref="Period"/> of the (adjective, noun) pairs in which the adjective can
/// describe the noun and of the (verb, noun) pairs in which the verb can take the noun as its object. A fixed hash of the two
/// dictionary forms chooses them, whatever the seed.
/// <para>
/// A sentence that holds both words of a reserved pair anywhere, related or not and in any form, is kept out of training,
/// validation and the first test set. The combination test takes sentences in which the two are related.
/// </para>
/// </summary>
internal sealed class Combinations
{
    public const int Period = 18;

    private static readonly Dictionary<string, HashSet<string>> Reserved = Choose();

    private readonly HashSet<string> lemmas = [];
    private readonly List<(string First, string Noun)> related = [];

    private Combinations()
    {
    }

    /// <summary>The dictionary forms of the nouns, adjectives and verbs of the sentence.</summary>
    public IReadOnlySet<string> Lemmas => lemmas;

    /// <summary>The pairs of the sentence that stand in a grammatical relation.</summary>
    public IReadOnlyList<(string First, string Noun)> Related => related;

    /// <summary>Whether both words of a reserved pair occur, related or not.</summary>
    public bool HasReservedPair => lemmas.Any(lemma =>
        Reserved.TryGetValue(lemma, out HashSet<string>? nouns) && nouns.Overlaps(lemmas));

    /// <summary>Whether a reserved pair occurs as adjective and noun or as verb and object.</summary>
    public bool HasRelatedReservedPair => related.Any(pair => IsReserved(pair.First, pair.Noun));

    public static int ReservedCount => Reserved.Values.Sum(nouns => nouns.Count);

    public static bool IsReserved(string first, string noun) =>
        Reserved.TryGetValue(first, out HashSet<string>? nouns) && nouns.Contains(noun);

    public static Combinations Of(Sentence sentence)
    {
        var combinations = new Combinations();
        combinations.Add(sentence.Main);
        if (sentence.Subordinate is not null)
            combinations.Add(sentence.Subordinate);
        return combinations;
    }

    private void Add(Clause clause)
    {
        lemmas.Add(clause.Verb.Infinitive);
        Add(clause.Subject);
        AddObject(clause.Verb, clause.Accusative);
        AddObject(clause.Verb, TransitiveVerbs.Dative.Contains(clause.Verb) ? clause.Dative : null);
        Add(clause.Dative);
        Add(clause.Companion?.Complement);
        Add(clause.Place?.Complement);
        Add(clause.Goal?.Complement);
        if (clause.Predicate is { } predicate)
        {
            lemmas.Add(predicate.Adjective.German);
            if (clause.Subject is NounPhrase subject)
                related.Add((predicate.Adjective.German, subject.Noun.German));
        }
    }

    private void AddObject(Verb verb, Nominal? nominal)
    {
        Add(nominal);
        if (nominal is NounPhrase phrase)
            related.Add((verb.Infinitive, phrase.Noun.German));
    }

    private void Add(Nominal? nominal)
    {
        if (nominal is not NounPhrase phrase)
            return;
        lemmas.Add(phrase.Noun.German);
        if (phrase.Adjective is { } adjective)
        {
            lemmas.Add(adjective.German);
            related.Add((adjective.German, phrase.Noun.German));
        }

        if (phrase.Relative is { } relative)
        {
            Add(relative);
            // The relative pronoun stands for the noun: das Buch, das er liest.
            if (relative.Accusative == relative.Gap)
                related.Add((relative.Verb.Infinitive, phrase.Noun.German));
        }
    }

    private static Dictionary<string, HashSet<string>> Choose()
    {
        IEnumerable<(string First, string Noun)> described = Adjectives.All.SelectMany(adjective =>
            Lexicon.Nouns.Where(adjective.Describes).Select(noun => (adjective.German, noun.German)));
        IEnumerable<(string First, string Noun)> handled = Lexicon.Verbs.SelectMany(verb =>
            Lexicon.Objects(verb).Where(noun => noun.Count != Count.Proper).Select(noun => (verb.Infinitive, noun.German)));
        return described.Concat(handled)
            .Where(pair => Hash(pair.First + " " + pair.Noun) % Period == 0)
            .GroupBy(pair => pair.First)
            .ToDictionary(group => group.Key, group => group.Select(pair => pair.Noun).ToHashSet());
    }

    // FNV-1a (string.GetHashCode differs from run to run), then mixed because its low bits are weak.
    private static ulong Hash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char letter in text)
            hash = (hash ^ letter) * 1099511628211;
        return SplitMix64.Mix(hash);
    }
}
