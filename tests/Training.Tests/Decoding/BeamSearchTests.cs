using Transformer.Training.Data;
using Transformer.Training.Decoding;
using Xunit;

namespace Training.Tests.Decoding;

public class BeamSearchTests
{
    [Fact]
    public void A_beam_as_wide_as_everything_finds_the_best_of_all()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            double alpha = seed % 3 * 0.5;
            double[] Logits(int sentence, int[] prefix) => RandomLogits(5, [seed, sentence, .. prefix]);
            IReadOnlyList<Hypothesis> found = new BeamSearch(seed == 0 ? int.MaxValue : 200, alpha).Decode(new FunctionDecoder(3, Logits), [4, 4, 4]);
            for (int sentence = 0; sentence < 3; sentence++)
            {
                (double score, int[] tokens) = Best(prefix => Logits(sentence, prefix), [], 0, 4, alpha);
                Assert.Equal(tokens, found[sentence].Tokens);
                Assert.Equal(score, found[sentence].Score, 1e-12);
                Assert.True(found[sentence].IsFinished);
            }
        }
    }

    [Theory]
    [InlineData(0, 0, -0.9163)]
    [InlineData(1, 1, -0.8757)]
    [InlineData(0.5, 0, -0.9163)]
    public void The_length_penalty_by_hand(double alpha, int length, double score)
    {
        // p(eos) = 0.4: ln 0.4 / (6/6)^α = −0.9163. p(4, eos) = 0.6 · 0.6: ln 0.36 / (7/6)^α = −1.0217, −0.9459 (α = ½), −0.8757 (α = 1).
        FunctionDecoder decoder = new(1, (_, prefix) => prefix.Length == 0
            ? FunctionDecoder.LogProbabilities(0.4, 0.6)
            : FunctionDecoder.LogProbabilities(0.6, 0.4));
        Hypothesis best = new BeamSearch(2, alpha).Decode(decoder, [2])[0];
        Assert.Equal(length, best.Tokens.Count);
        Assert.Equal(score, best.Score, 1e-4);
        Assert.Equal(length == 0 ? Math.Log(0.4) : Math.Log(0.36), best.LogProbability, 1e-12);
    }

    [Fact]
    public void Short_hypotheses_that_end_first_do_not_end_the_search()
    {
        // eos with 0.3 at once and with 0.3 of 0.7 after "4"; then 4 4 4 eos for certain, 0.7 · 0.7 = 0.49. A beam of two has two finished
        // hypotheses before the best one.
        FunctionDecoder decoder = new(1, (_, prefix) => prefix.Length switch
        {
            0 or 1 => FunctionDecoder.LogProbabilities(0.3, 0.7),
            2 => FunctionDecoder.LogProbabilities(0, 1),
            _ => FunctionDecoder.LogProbabilities(1, 0),
        });
        Hypothesis best = new BeamSearch(2, 0).Decode(decoder, [9])[0];
        Assert.Equal([4, 4, 4], best.Tokens);
        Assert.Equal(Math.Log(0.49), best.Score, 1e-12);
    }

    [Fact]
    public void The_search_ends_when_no_prefix_can_win_any_more()
    {
        // eos with 0.9; a prefix of probability 0.1 could at best reach ln 0.1 / ((5 + 100) / 6) = −0.132 (α = 1), below ln 0.9 = −0.105.
        FunctionDecoder decoder = new(1, (_, prefix) => prefix.Length == 0
            ? FunctionDecoder.LogProbabilities(0.9, 0.1)
            : FunctionDecoder.LogProbabilities(0, 1));
        Assert.Empty(new BeamSearch(4, 1).Decode(decoder, [100])[0].Tokens);
        Assert.Equal(1, decoder.Calls);
    }

    [Fact]
    public void A_finished_hypothesis_stays_finished_while_others_go_on()
    {
        // eos at once with 0.49; else 4 for ever, a little more probable. The decoder itself asserts that nothing follows an eos.
        FunctionDecoder decoder = new(1, (_, prefix) => prefix.Length == 0
            ? FunctionDecoder.LogProbabilities(0.49, 0.51)
            : FunctionDecoder.LogProbabilities(0, 1));
        Hypothesis best = new BeamSearch(2, 0).Decode(decoder, [6])[0];
        Assert.Empty(best.Tokens);
        Assert.True(best.IsFinished);
        Assert.Equal(Math.Log(0.49), best.LogProbability, 1e-12);
        Assert.Equal(6, decoder.Calls);
    }

    [Fact]
    public void A_sentence_that_was_cut_off_does_not_beat_one_that_ended()
    {
        // Cut off after 3 tokens: ln 0.6. Ended at once: ln 0.4. The first never reached its end, so its probability is no whole one.
        FunctionDecoder decoder = new(1, (_, prefix) => prefix.Length == 0
            ? FunctionDecoder.LogProbabilities(0.4, 0.6)
            : FunctionDecoder.LogProbabilities(0, 1));
        Hypothesis best = new BeamSearch(3, 0).Decode(decoder, [3])[0];
        Assert.True(best.IsFinished);
        Assert.Empty(best.Tokens);
    }

    [Fact]
    public void Without_an_end_the_limit_cuts_off_and_says_so()
    {
        FunctionDecoder Endless() => new(2, (_, _) => FunctionDecoder.LogProbabilities(0, 0.75, 0.25));
        Hypothesis[] all = [.. new BeamSearch(3).Decode(Endless(), [3, 5]), .. GreedySearch.Decode(Endless(), [3, 5])];
        Assert.Equal([3, 5, 3, 5], all.Select(hypothesis => hypothesis.Tokens.Count));
        Assert.All(all, hypothesis => Assert.False(hypothesis.IsFinished));
        Assert.All(all, hypothesis => Assert.All(hypothesis.Tokens, token => Assert.Equal(4, token)));
        Assert.Equal(3 * Math.Log(0.75), all[0].LogProbability, 1e-12);
    }

    [Fact]
    public void Equal_scores_go_to_the_smaller_token_every_time()
    {
        static double[] Equals(int sentence, int[] prefix) => prefix.Length < 2 ? FunctionDecoder.LogProbabilities(0, 0.5, 0.5) : FunctionDecoder.LogProbabilities(1, 0, 0);
        for (int width = 1; width <= 4; width++)
        {
            IReadOnlyList<Hypothesis> found = new BeamSearch(width).Decode(new FunctionDecoder(3, Equals), [9, 9, 9]);
            Assert.All(found, hypothesis => Assert.Equal([4, 4], hypothesis.Tokens));
        }

        Assert.Equal([4, 4], GreedySearch.Decode(new FunctionDecoder(1, Equals), [9])[0].Tokens);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Logits_that_are_no_numbers_are_an_error(double logit)
    {
        FunctionDecoder Broken() => new(2, (sentence, prefix) => sentence == 1 && prefix.Length == 2 ? [0, 0, -9, 0, logit, 1] : [0, 0, -9, 0, 3, 1]);
        Assert.Throws<NotFiniteNumberException>(() => GreedySearch.Decode(Broken(), [50, 50]));
        Assert.Throws<NotFiniteNumberException>(() => new BeamSearch(2).Decode(Broken(), [50, 50]));
    }

    [Fact]
    public void A_row_in_which_no_token_is_possible_is_an_error()
    {
        static FunctionDecoder Impossible() => new(1, (_, _) => FunctionDecoder.LogProbabilities(0, 0, 0));
        Assert.Throws<NotFiniteNumberException>(() => GreedySearch.Decode(Impossible(), [5]));
        Assert.Throws<NotFiniteNumberException>(() => new BeamSearch(2).Decode(Impossible(), [5]));
    }

    [Fact]
    public void Tokens_of_probability_zero_are_never_chosen()
    {
        // One possible token; a beam of four has room for three impossible ones.
        FunctionDecoder decoder = new(1, (_, prefix) => prefix.Length < 3 ? FunctionDecoder.LogProbabilities(0, 1, 0, 0) : FunctionDecoder.LogProbabilities(1, 0, 0, 0));
        Hypothesis best = new BeamSearch(4).Decode(decoder, [10])[0];
        Assert.Equal([4, 4, 4], best.Tokens);
        Assert.Equal(0, best.LogProbability, 1e-12);
    }

    [Fact]
    public void Limits_have_to_fit_the_rows()
    {
        FunctionDecoder decoder = new(2, (_, _) => FunctionDecoder.LogProbabilities(1, 0));
        Assert.Throws<ArgumentException>(() => new BeamSearch(2).Decode(decoder, [3]));
        Assert.Throws<ArgumentException>(() => GreedySearch.Decode(decoder, [3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSearch(2).Decode(decoder, [3, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GreedySearch.Decode(decoder, [3, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSearch(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSearch(2, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSearch(2, double.NaN));
    }

    // The best finished sentence that continues a prefix, tried one by one.
    private static (double Score, int[] Tokens) Best(Func<int[], double[]> logits, int[] prefix, double logProbability, int limit, double alpha)
    {
        double[] row = logits(prefix);
        double total = Math.Log(row.Sum(value => Math.Exp(value)));
        double Next(int token) => logProbability + row[token] - total;
        (double, int[]) best = (Next(Vocabulary.End) / Math.Pow((5.0 + prefix.Length + 1) / 6, alpha), prefix);
        for (int token = 0; token < row.Length && prefix.Length + 1 < limit; token++)
        {
            if (token == Vocabulary.End)
                continue;
            (double, int[]) other = Best(logits, [.. prefix, token], Next(token), limit, alpha);
            if (other.Item1 > best.Item1)
                best = other;
        }

        return best;
    }

    private static double[] RandomLogits(int count, int[] seeds)
    {
        Random random = new(seeds.Aggregate(17, (hash, seed) => unchecked((hash * 31) + seed)));
        return [.. Enumerable.Range(0, count).Select(_ => 3 * random.NextDouble())];
    }
}
