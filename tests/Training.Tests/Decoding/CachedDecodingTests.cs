using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Decoding;
using Xunit;

namespace Training.Tests.Decoding;

public class CachedDecodingTests
{
    private static readonly string[] Lines =
        ["s3", "s1 s2 s3 s4 s5 s6", "s0 s0 s7", "s5 s4 s3 s2 s1 s0", "s2 s6 s2", "s7 s1", "s4 s4 s4 s4 s4 s5 s6 s7 s0 s1 s2 s3"];

    private static readonly int[] Limits = [4, 9, 20, 12, 1, 25, 17];

    public static TheoryData<int> Models => new(Enumerable.Range(0, 5));

    [Theory]
    [MemberData(nameof(Models))]
    public void Greedy_search_finds_what_recomputing_the_prefixes_finds(int model)
    {
        TransformerModel transformer = ModelNumber(model);
        Indices source = Toy.Sources(Lines);
        IReadOnlyList<Hypothesis> expected = GreedySearch.Decode(new RecomputingDecoder(transformer, source), Limits);
        IReadOnlyList<Hypothesis> actual = GreedySearch.Decode(new CachedDecoder(transformer, source), Limits);
        Equal(expected, actual);
        Assert.Contains(actual, hypothesis => hypothesis.Tokens.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Beam_search_finds_what_recomputing_the_prefixes_finds(int model)
    {
        TransformerModel transformer = ModelNumber(model);
        Indices source = Toy.Sources(Lines);
        foreach (int width in (int[])[2, 5])
        {
            BeamSearch search = new(width);
            Equal(search.Decode(new RecomputingDecoder(transformer, source), Limits), search.Decode(new CachedDecoder(transformer, source), Limits));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_beam_of_one_is_greedy(int model)
    {
        TransformerModel transformer = ModelNumber(model);
        Indices source = Toy.Sources(Lines);
        IReadOnlyList<Hypothesis> greedy = GreedySearch.Decode(new CachedDecoder(transformer, source), Limits);
        IReadOnlyList<Hypothesis> beam = new BeamSearch(1).Decode(new CachedDecoder(transformer, source), Limits);
        Assert.Equal(greedy.Select(Text), beam.Select(Text));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_sentence_is_translated_the_same_whoever_shares_its_batch(int model)
    {
        TransformerModel transformer = ModelNumber(model);
        BeamSearch search = new(4);
        IReadOnlyList<Hypothesis> greedy = GreedySearch.Decode(new CachedDecoder(transformer, Toy.Sources(Lines)), Limits);
        IReadOnlyList<Hypothesis> beams = search.Decode(new CachedDecoder(transformer, Toy.Sources(Lines)), Limits);
        for (int i = 0; i < Lines.Length; i++)
        {
            Equal([greedy[i]], GreedySearch.Decode(new CachedDecoder(transformer, Toy.Sources(Lines[i])), [Limits[i]]));
            Equal([beams[i]], search.Decode(new CachedDecoder(transformer, Toy.Sources(Lines[i])), [Limits[i]]));
        }
    }

    [Fact]
    public void A_trained_model_ends_its_sentences_and_a_wider_beam_is_no_worse()
    {
        Indices source = Toy.Sources(Lines[..6]);
        int[] limits = [.. Enumerable.Repeat(20, 6)];
        IReadOnlyList<Hypothesis> one = new BeamSearch(1, lengthPenalty: 0).Decode(new CachedDecoder(Toy.Trained.Model, source), limits);
        IReadOnlyList<Hypothesis> eight = new BeamSearch(8, lengthPenalty: 0).Decode(new CachedDecoder(Toy.Trained.Model, source), limits);
        Assert.All(one, hypothesis => Assert.True(hypothesis.IsFinished));
        Assert.All(one.Zip(eight), pair => Assert.True(pair.Second.LogProbability >= pair.First.LogProbability - 1e-9));
    }

    // Model 0 is trained; the others have random parameters, scaled up so that their choices are clear.
    private static TransformerModel ModelNumber(int number)
    {
        if (number == 0)
            return Toy.Trained.Model;
        TransformerModel model = Toy.Model((ulong)number, Toy.Configuration with
        {
            DecoderLayerCount = 2,
            NormPlacement = number % 2 == 0 ? NormPlacement.Pre : NormPlacement.Post,
            Positions = number == 3 ? PositionKind.Learned : PositionKind.Sinusoidal,
            TiedOutput = number != 4,
        });
        model.Evaluate();
        return model;
    }

    private static string Text(Hypothesis hypothesis) => $"{string.Join(' ', hypothesis.Tokens)} {hypothesis.IsFinished}";

    private static void Equal(IReadOnlyList<Hypothesis> expected, IReadOnlyList<Hypothesis> actual)
    {
        Assert.Equal(expected.Select(Text), actual.Select(Text));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.LogProbability, pair.Second.LogProbability, 1e-9));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-9));
    }
}
