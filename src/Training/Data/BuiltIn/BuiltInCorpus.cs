using Transformer.Training.Data.BuiltIn.Sampling;

namespace Transformer.Training.Data.BuiltIn;

/// <summary>
/// A German→English corpus made by a grammar of its own: nothing to download, every sentence correct, word alignments known.
/// The German sentence determines the English one. No German sentence occurs twice, in whichever set.
/// </summary>
public sealed class BuiltInCorpus
{
    private readonly Lazy<CorpusStatistics> statistics;

    private BuiltInCorpus(CorpusBuilder builder)
    {
        Training = [.. builder.Training.Select(sentence => sentence.Pair)];
        Validation = [.. builder.Validation.Select(sentence => sentence.Pair)];
        Test = [.. builder.Test.Select(sentence => sentence.Pair)];
        CombinationTest = [.. builder.CombinationTest.Select(sentence => sentence.Pair)];
        statistics = new(() => new CorpusStatistics(
            SetStatistics.Of(Training), SetStatistics.Of(Validation), SetStatistics.Of(Test), SetStatistics.Of(CombinationTest)));
    }

    /// <summary>Number of pairs in <see cref="Validation"/>.</summary>
    public const int ValidationPairs = 500;

    /// <summary>Number of pairs in <see cref="Test"/>.</summary>
    public const int TestPairs = 1000;

    /// <summary>Number of pairs in <see cref="CombinationTest"/>.</summary>
    public const int CombinationTestPairs = 500;

    /// <summary>The pairs to learn from, all different.</summary>
    public IReadOnlyList<AlignedPair> Training { get; }

    /// <summary>500 pairs of the same distribution, to choose a model by.</summary>
    public IReadOnlyList<AlignedPair> Validation { get; }

    /// <summary>
    /// 1,000 held-out pairs of the same distribution, except that every word occurs at least 20 times in training
    /// (one in a thousand training pairs, if those are fewer than 20,000).
    /// </summary>
    public IReadOnlyList<AlignedPair> Test { get; }

    /// <summary>
    /// 500 pairs, each with an adjective and its noun or a verb and its object that never occur together in one sentence of
    /// the other sets, though each word occurs there at least 20 times (or as <see cref="Test"/> says).
    /// </summary>
    public IReadOnlyList<AlignedPair> CombinationTest { get; }

    /// <summary>Sizes, vocabulary, lengths and share of crossing alignments of each set, counted when first asked for.</summary>
    public CorpusStatistics Statistics => statistics.Value;

    /// <summary>Makes the corpus; the same arguments give the same corpus on every machine.</summary>
    /// <param name="seed">Any number; it chooses the sentences.</param>
    /// <param name="trainingPairs">Number of training pairs, from 1,000 to 100,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trainingPairs"/> is out of its range.</exception>
    public static BuiltInCorpus Create(ulong seed = 1, int trainingPairs = 20_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingPairs, 1_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trainingPairs, 100_000);
        return new BuiltInCorpus(Build(seed, trainingPairs));
    }

    /// <summary>The sets with the trees of their sentences.</summary>
    internal static CorpusBuilder Build(ulong seed, int trainingPairs) =>
        new(seed, trainingPairs, ValidationPairs, TestPairs, CombinationTestPairs);
}
