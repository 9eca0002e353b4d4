using System.Text.Json;
using System.Text.Json.Serialization;
using Transformer.Training.Metrics;
using Xunit;

namespace Training.Tests.Metrics;

/// <summary>Tokens, counts and scores of committed pairs agree with those of a second program; <c>Reference/README.md</c> says which.</summary>
public class BleuReferenceTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    private static readonly ReferenceFile Reference = Read();

    public static TheoryData<string, BleuTokenization, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, BleuTokenization, bool>();
            foreach (ReferenceScore score in Reference.Scores)
                cases.Add(score.Pairs, score.Tokenization, score.LowerCase);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Counts_and_scores_agree_with_python(string pairs, BleuTokenization tokenization, bool lowerCase)
    {
        ReferenceScore expected = Reference.Scores.Single(score => (score.Pairs, score.Tokenization, score.LowerCase) == (pairs, tokenization, lowerCase));
        IReadOnlyList<ReferencePair> lines = pairs switch
        {
            "corpus" => Reference.Corpus,
            "edges" => Reference.Edges,
            _ => [.. Reference.Corpus, .. Reference.Edges],
        };
        BleuScore actual = Bleu.Score(
            [.. lines.Select(line => line.Hypothesis)], [.. lines.Select(line => line.Reference)], tokenization, lowerCase);
        Assert.Equal(expected.Matches, actual.Matches);
        Assert.Equal(expected.Totals, actual.Totals);
        Assert.Equal((expected.HypothesisLength, expected.ReferenceLength), (actual.HypothesisLength, actual.ReferenceLength));
        Assert.Equal(expected.Score, actual.Score, 1e-10);
    }

    [Fact]
    public void The_edge_cases_are_cut_into_the_same_tokens()
    {
        foreach (ReferencePair line in Reference.Edges)
        {
            Assert.Equal(line.HypothesisTokens, BleuTokenizer.Tokenize(line.Hypothesis, BleuTokenization.ThirteenA, lowerCase: false));
            Assert.Equal(line.ReferenceTokens, BleuTokenizer.Tokenize(line.Reference, BleuTokenization.ThirteenA, lowerCase: false));
        }
    }

    [Fact]
    public void There_are_fifty_pairs_or_more_and_no_score_is_trivial()
    {
        Assert.True(Reference.Corpus.Count + Reference.Edges.Count >= 50);
        Assert.All(Reference.Scores, score => Assert.InRange(score.Score, 10, 95));
    }

    private static ReferenceFile Read()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Metrics", "Reference", "bleu.json"));
        return JsonSerializer.Deserialize<ReferenceFile>(file, Options)!;
    }

    private sealed record ReferenceFile(
        [property: JsonRequired] IReadOnlyList<ReferencePair> Corpus, [property: JsonRequired] IReadOnlyList<ReferencePair> Edges,
        [property: JsonRequired] IReadOnlyList<ReferenceScore> Scores);

    private sealed record ReferencePair(
        [property: JsonRequired] string Hypothesis, [property: JsonRequired] string Reference, string[]? HypothesisTokens, string[]? ReferenceTokens);

    private sealed record ReferenceScore(
        [property: JsonRequired] string Pairs, [property: JsonRequired] BleuTokenization Tokenization, [property: JsonRequired] bool LowerCase,
        [property: JsonRequired] double Score, [property: JsonRequired] long[] Matches, [property: JsonRequired] long[] Totals,
        [property: JsonRequired] long HypothesisLength, [property: JsonRequired] long ReferenceLength);
}
