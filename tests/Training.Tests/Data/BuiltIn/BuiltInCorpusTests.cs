using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Transformer.Training.Data.BuiltIn;
using Transformer.Training.Data.BuiltIn.Grammar;
using Transformer.Training.Data.BuiltIn.Sampling;
using Transformer.Training.Data.BuiltIn.Words;
using Xunit;
using Xunit.Abstractions;

namespace Training.Tests.Data.BuiltIn;

public sealed partial class BuiltInCorpusTests(ITestOutputHelper output, BuiltInCorpusTests.Corpora corpora)
    : IClassFixture<BuiltInCorpusTests.Corpora>
{
    [Fact]
    public void The_figures_are_as_promised()
    {
        CorpusStatistics statistics = corpora.Corpus.Statistics;
        output.WriteLine(statistics.ToString());
        Assert.Equal((20_000, 500, 1_000, 500),
            (statistics.Training.Pairs, statistics.Validation.Pairs, statistics.Test.Pairs, statistics.CombinationTest.Pairs));
        foreach (SetStatistics set in (SetStatistics[])[statistics.Training, statistics.Validation, statistics.Test, statistics.CombinationTest])
        {
            Assert.True(set.SourceWords >= 300 && set.TargetWords >= 300);
            Assert.True(set.MeanSourceLength >= 8 && set.MeanTargetLength >= 8);
            Assert.True(set.LongestSource >= 16 && set.LongestTarget >= 16);
            Assert.True(set.CrossingShare >= 0.5);
        }
    }

    [Fact]
    public void Statistics_count_words_and_crossings()
    {
        AlignedPair crossed = new("Er hat sie gefragt.", "He asked her.", [(0, 0), (1, 1), (2, 2), (3, 1), (4, 3)]);
        AlignedPair straight = new("Er ist alt.", "He is old.", [(0, 0), (1, 1), (2, 2), (3, 3)]);
        Assert.Equal(new SetStatistics(2, 6, 5, 3.5, 3, 4, 3, 0.5), SetStatistics.Of([crossed, straight]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_corpus_and_another_seed_another()
    {
        string digest = Digest(BuiltInCorpus.Create(7, 2_000));
        Assert.Equal(digest, Digest(BuiltInCorpus.Create(7, 2_000)));
        Assert.NotEqual(digest, Digest(BuiltInCorpus.Create(8, 2_000)));
    }

    [Fact]
    public void All_sentences_of_all_sets_differ() =>
        Assert.Equal(22_000, corpora.All.Select(sentence => sentence.Pair.Source).Distinct().Count());

    [Fact]
    public void A_German_sentence_has_one_English_translation_over_several_seeds()
    {
        var translations = new Dictionary<string, string>();
        for (ulong seed = 1; seed <= 4; seed++)
        {
            var sampler = new SentenceSampler(new RandomStream(seed));
            for (int i = 0; i < 20_000; i++)
            {
                AlignedPair pair = sampler.Next().ToPair();
                if (!translations.TryAdd(pair.Source, pair.Target))
                    Assert.Equal(translations[pair.Source], pair.Target);
            }
        }
    }

    [Fact]
    public void Every_word_of_the_tests_occurs_twenty_times_in_training()
    {
        Dictionary<string, int> known = corpora.Corpus.Training.SelectMany(pair => Words(pair.Source).Concat(Words(pair.Target).Select(word => "en:" + word)))
            .CountBy(word => word).ToDictionary();
        foreach (AlignedPair pair in corpora.Corpus.Validation.Concat(corpora.Corpus.Test).Concat(corpora.Corpus.CombinationTest))
        {
            Assert.All(Words(pair.Source), word => Assert.True(known[word] >= 20, word));
            Assert.All(Words(pair.Target), word => Assert.True(known["en:" + word] >= 20, word));
        }
    }

    [Fact]
    public void Each_combination_sentence_holds_a_related_pair_that_no_other_set_holds()
    {
        var together = new HashSet<(string, string)>();
        foreach (SampledSentence sentence in corpora.Builder.Training.Concat(corpora.Builder.Validation).Concat(corpora.Builder.Test))
        {
            string[] lemmas = [.. Combinations.Of(sentence.Tree).Lemmas];
            together.UnionWith(from first in lemmas from second in lemmas select (first, second));
        }

        foreach (SampledSentence sentence in corpora.Builder.CombinationTest)
            Assert.Contains(Combinations.Of(sentence.Tree).Related, pair => !together.Contains((pair.First, pair.Noun)));
        output.WriteLine($"{Combinations.ReservedCount} pairs of words are reserved");
    }

    [Fact]
    public void Every_verb_and_adjective_keeps_most_of_its_nouns()
    {
        foreach (Verb verb in Lexicon.Verbs.Where(verb => Lexicon.Objects(verb).Count > 0))
            KeepsMost(verb.Infinitive, Lexicon.Objects(verb));
        foreach (Adjective adjective in Adjectives.All)
            KeepsMost(adjective.German, [.. Lexicon.Nouns.Where(adjective.Describes)]);

        static void KeepsMost(string word, IReadOnlyList<Noun> nouns) => Assert.True(
            2 * nouns.Count(noun => Combinations.IsReserved(word, noun.German)) < nouns.Count, word);
    }

    [Fact]
    public void The_finite_verb_is_second_in_main_clauses_and_last_in_subordinate_ones()
    {
        foreach (SampledSentence sentence in corpora.All)
        {
            Clause main = sentence.Tree.Main;
            var front = new List<Token>();
            GermanClause.AppendFrontField(front, main);
            bool isFirst = main.Front == Front.None;
            Assert.Equal(isFirst, front.Count == 0);
            Assert.Equal(isFirst, main.IsQuestion ? isFirst : sentence.Tree.SubordinateFirst);

            var clause = new List<Token>();
            GermanClause.AppendMain(clause, main);
            Assert.True(clause[front.Count].IsFinite);
            Assert.Equal(front.Select(token => token.Text), clause.Take(front.Count).Select(token => token.Text));

            if (sentence.Tree.Subordinate is { } subordinate)
            {
                var tokens = new List<Token>();
                GermanClause.AppendSubordinate(tokens, subordinate);
                Assert.True(tokens[^1].IsFinite);
                Assert.Single(tokens, token => token.IsFinite);
                Assert.Contains(string.Join(' ', tokens.Skip(1)), sentence.Pair.Source, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Relative_pronouns_tell_subject_from_object()
    {
        int relatives = 0;
        foreach (SampledSentence sentence in corpora.All)
        {
            var head = (sentence.Tree.Main.Accusative as NounPhrase)?.Relative is not null
                ? (NounPhrase)sentence.Tree.Main.Accusative
                : sentence.Tree.Main.Subject as NounPhrase;
            if (head?.Relative is not { } relative)
                continue;
            relatives++;
            if (relative.Gap == relative.Subject && (head.Number == Number.Plural || head.Noun.Gender != Gender.Masculine))
                Assert.False(relative.Accusative is NounPhrase { Noun.Kind: Kind.Person or Kind.Animal }, sentence.Pair.Source);
            if (relative.Gap == relative.Accusative)
                Assert.NotEqual(Kind.Person, head.Noun.Kind);
        }

        Assert.True(relatives > 1_000);
    }

    [Fact]
    public void Alignments_are_valid_and_every_word_is_aligned()
    {
        foreach (SampledSentence sentence in corpora.All)
        {
            AlignedPair pair = sentence.Pair;
            string[] source = Tokens(pair.Source);
            string[] target = Tokens(pair.Target);
            Assert.All(pair.Alignment, link => Assert.True(link.Source < source.Length && link.Target < target.Length));
            var sources = pair.Alignment.Select(link => link.Source).ToHashSet();
            var targets = pair.Alignment.Select(link => link.Target).ToHashSet();
            for (int i = 0; i < source.Length; i++)
                Assert.True(source[i] == "," || sources.Contains(i), $"{source[i]} in {pair.Source} | {pair.Target}");
            for (int j = 0; j < target.Length; j++)
                Assert.True(targets.Contains(j), $"{target[j]} in {pair.Source} | {pair.Target}");
        }
    }

    [Fact]
    public void Sentences_are_capitalized_end_in_a_mark_and_have_at_most_twenty_words()
    {
        foreach (SampledSentence sentence in corpora.All)
        {
            Assert.Matches(SentencePattern(), sentence.Pair.Source);
            Assert.Matches(SentencePattern(), sentence.Pair.Target);
            Assert.True(Words(sentence.Pair.Source).Length <= 20 && Words(sentence.Pair.Target).Length <= 20);
        }
    }

    [Fact]
    public void Too_few_pairs_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BuiltInCorpus.Create(1, 999));

    private static string[] Tokens(string sentence) => [.. TokenPattern().Matches(sentence).Select(match => match.Value)];

    private static string[] Words(string sentence) => [.. Tokens(sentence).Where(token => char.IsLetter(token[0]))];

    private static string Digest(BuiltInCorpus corpus) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        corpus.Training.Concat(corpus.Validation).Concat(corpus.Test).Concat(corpus.CombinationTest)
            .Select(pair => $"{pair.Source}\t{pair.Target}\t{string.Join(' ', pair.Alignment)}")))));

    [GeneratedRegex(@"\w+|[^\w\s]")]
    private static partial Regex TokenPattern();

    [GeneratedRegex(@"^\p{Lu}\w*(,? \w+)*[.?]$")]
    private static partial Regex SentencePattern();

    public sealed class Corpora
    {
        public BuiltInCorpus Corpus { get; } = BuiltInCorpus.Create();

        internal CorpusBuilder Builder { get; } = BuiltInCorpus.Build(1, 20_000);

        internal IEnumerable<SampledSentence> All =>
            Builder.Training.Concat(Builder.Validation).Concat(Builder.Test).Concat(Builder.CombinationTest);
    }
}
