using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Training.Tests.Data;
using Transformer.Training.Data;
using Transformer.Training.Metrics;
using Xunit;

namespace Training.Tests.Metrics;

public class BleuTests
{
    // Papineni et al. 2002, section 2.1: the clipped unigram precision of this pair is 2/7. No longer n-gram matches: smoothing
    // counts them 1/2, 1/4, 1/8 of 6, 5, 4.
    [Fact]
    public void Repeating_a_word_does_not_help()
    {
        BleuScore score = Score(["the the the the the the the"], ["the cat is on the mat"]);
        Assert.Equal([2, 0, 0, 0], score.Matches);
        Assert.Equal([7, 6, 5, 4], score.Totals);
        Near(100 * Math.Pow(2.0 / 7 * (1.0 / 2 / 6) * (1.0 / 4 / 5) * (1.0 / 8 / 4), 0.25), score.Score);
        Assert.Equal(1, score.BrevityPenalty);
    }

    // Of 6, 5, 4, 3 n-grams 6, 2, 0, 0 match; the two orders without a match count as 1/2 and 1/4 of one.
    [Fact]
    public void Brevity_precisions_and_smoothing_as_worked_by_hand()
    {
        BleuScore score = Score(["a b d c e f"], ["a b c d e f g"]);
        Assert.Equal([6, 2, 0, 0], score.Matches); // a b and e f
        Near(Math.Exp(1 - 7.0 / 6), score.BrevityPenalty);
        Near(Math.Exp(1 - 7.0 / 6) * 100 * Math.Pow(1 * (2.0 / 5) * (0.5 / 4) * (0.25 / 3), 0.25), score.Score);
        Assert.Equal("BLEU = 21.51 100.0/40.0/12.5/8.3 (BP = 0.846 ratio = 0.857 hyp_len = 6 ref_len = 7)", score.ToString());
    }

    [Fact]
    public void Counts_are_summed_over_the_corpus_before_anything_is_divided()
    {
        BleuScore score = Score(["", "a b c d"], ["e f", "a b c d"]);
        Assert.Equal([4, 3, 2, 1], score.Matches);
        Near(100 * Math.Exp(1 - 6.0 / 4), score.Score);
    }

    [Fact]
    public void Without_any_match_the_score_is_zero()
    {
        BleuScore score = Score(["x y z w v"], ["a b c d e"]);
        Assert.Equal(0, score.Score);
        Assert.Equal([0, 0, 0, 0], score.Precisions);
    }

    [Fact]
    public void A_corpus_without_any_four_tokens_in_a_row_scores_zero()
    {
        BleuScore score = Score(["a b c"], ["a b c"]);
        Assert.Equal(0, score.Score);
        Assert.Equal([100, 100, 100, 0], score.Precisions);
    }

    [Fact]
    public void Empty_hypotheses_score_zero()
    {
        BleuScore score = Score(["", " "], ["a b c d", "e"]);
        Assert.Equal((0.0, 0.0, 0L, 5L), (score.Score, score.BrevityPenalty, score.HypothesisLength, score.ReferenceLength));
        Assert.Equal(0, Score([], []).Score);
    }

    [Fact]
    public void The_signature_says_how_it_was_computed()
    {
        Assert.Equal("BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:transformer-cs-1",
            Bleu.Score(["a"], ["a"], BleuTokenization.ThirteenA).Signature);
        Assert.Equal("BLEU|nrefs:1|case:lc|eff:no|tok:none|smooth:exp|version:transformer-cs-1",
            Bleu.Score(["a"], ["a"], BleuTokenization.None, lowerCase: true).Signature);
        Assert.Equal("BLEU|nrefs:1|case:lc|eff:no|tok:tokens+unk|smooth:exp|version:transformer-cs-1",
            Bleu.Score(["a"], ["a"], BleuTokenization.Tokens).Signature);
    }

    [Fact]
    public void Tokens_are_lower_cased_words_and_marks_and_unknown_is_one_of_them()
    {
        BleuScore text = Bleu.Score(["A <unk>'s DOG."], ["a man's dog."], BleuTokenization.Tokens);
        BleuScore tokens = Bleu.Score([["a", "<unk>", "'", "s", "dog", "."]], [["a", "man", "'", "s", "dog", "."]], "");
        Assert.Equal([5, 3, 2, 1], text.Matches);
        Assert.Equal((tokens.Score, 6L, 6L), (text.Score, text.HypothesisLength, text.ReferenceLength));
    }

    [Fact]
    public void As_many_hypotheses_as_references_are_demanded() =>
        Assert.Throws<ArgumentException>(() => Score(["a"], ["a", "b"]));

    private static readonly Gen<string> Sentence = Gen.Elements("a", "b", "c", "Dog", "dog", ".").ListOf().Select(words => string.Join(' ', words));
    private static readonly Gen<string> LongSentence = Sentence.Select(sentence => "one two three four " + sentence);

    [Theory]
    [InlineData(BleuTokenization.ThirteenA)]
    [InlineData(BleuTokenization.None)]
    [InlineData(BleuTokenization.Tokens)]
    public void Identical_text_scores_100(BleuTokenization tokenization) =>
        TextProperty.Holds(LongSentence.NonEmptyListOf().ToArbitrary(), lines => Math.Abs(Bleu.Score([.. lines], [.. lines], tokenization).Score - 100) < 1e-9);

    [Fact]
    public void The_score_lies_between_0_and_100_and_so_do_the_precisions() =>
        TextProperty.Holds(Sentence.Two().NonEmptyListOf().ToArbitrary(), pairs =>
        {
            BleuScore score = Score([.. pairs.Select(pair => pair.Item1)], [.. pairs.Select(pair => pair.Item2)]);
            return score.Precisions.Append(score.Score).All(value => value is >= 0 and < 100 + 1e-9) && score.BrevityPenalty is >= 0 and <= 1;
        });

    [Fact]
    public void The_brevity_penalty_rises_with_the_length_up_to_1() =>
        TextProperty.Holds(Gen.Choose(0, 40).Two().ToArbitrary(), lengths =>
        {
            (int hypothesis, int reference) = lengths;
            double shorter = Penalty(hypothesis, reference);
            double longer = Penalty(hypothesis + 1, reference);
            return hypothesis >= reference ? shorter == 1 && longer == 1 : shorter < longer;
        });

    // From an independent Python program with the same hypotheses: of line i, cut at spaces, word 7i mod length is deleted,
    // the rest is reversed where 3 divides i, and in capitals where 4 does.
    [Multi30kFact]
    public void Scores_of_disturbed_references_of_multi30k_agree_with_python()
    {
        IReadOnlyList<string> references = TextFile.ReadLines(Multi30k.File("test_2016_flickr.en"));
        string[] hypotheses = [.. references.Select(Disturbed)];
        (BleuTokenization Tokenization, bool LowerCase, double Score, long[] Matches, long Length, long ReferenceLength)[] expected =
        [
            (BleuTokenization.ThirteenA, false, 49.67279613750845, [9859, 5726, 4594, 3824], 11891, 12955),
            (BleuTokenization.ThirteenA, true, 60.661524576121536, [11891, 7118, 5630, 4629], 11891, 12955),
            (BleuTokenization.None, false, 48.64316693583203, [8845, 4954, 4119, 3366], 10877, 11877),
            (BleuTokenization.None, true, 59.28307522727435, [10877, 6103, 5010, 4030], 10877, 11877),
            (BleuTokenization.Tokens, false, 60.934483216733824, [12006, 7233, 5733, 4716], 12006, 13080),
        ];
        foreach ((BleuTokenization tokenization, bool lowerCase, double value, long[] matches, long length, long referenceLength) in expected)
        {
            BleuScore score = Bleu.Score(hypotheses, references, tokenization, lowerCase);
            Assert.Equal(matches, score.Matches);
            Assert.Equal((length, referenceLength), (score.HypothesisLength, score.ReferenceLength));
            Near(value, score.Score);
        }
    }

    private static string Disturbed(string line, int i)
    {
        List<string> words = [.. line.Split(' ')];
        words.RemoveAt(7 * i % words.Count);
        if (i % 3 == 0) words.Reverse();
        string text = string.Join(' ', words);
        return i % 4 == 0 ? text.ToUpper(CultureInfo.InvariantCulture) : text;
    }

    private static double Penalty(int hypothesis, int reference) =>
        Score([string.Join(' ', Enumerable.Repeat("a", hypothesis))], [string.Join(' ', Enumerable.Repeat("a", reference))]).BrevityPenalty;

    private static BleuScore Score(string[] hypotheses, string[] references) => Bleu.Score(hypotheses, references, BleuTokenization.None);

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-10);
}
