using System.Globalization;
using Transformer.Training.Data.BuiltIn.Sampling;

namespace Transformer.Training.Data.BuiltIn;

/// <summary>The figures of one set of sentence pairs; words are counted as written and without punctuation.</summary>
/// <param name="Pairs">Number of sentence pairs.</param>
/// <param name="SourceWords">Number of distinct German words.</param>
/// <param name="TargetWords">Number of distinct English words.</param>
/// <param name="MeanSourceLength">Mean number of words in a German sentence.</param>
/// <param name="MeanTargetLength">Mean number of words in an English sentence.</param>
/// <param name="LongestSource">Number of words in the longest German sentence.</param>
/// <param name="LongestTarget">Number of words in the longest English sentence.</param>
/// <param name="CrossingShare">Share of the pairs with crossing alignments, 0 to 1.</param>
public sealed record SetStatistics(
    int Pairs, int SourceWords, int TargetWords, double MeanSourceLength, double MeanTargetLength,
    int LongestSource, int LongestTarget, double CrossingShare)
{
    /// <summary>Counts a set.</summary>
    /// <param name="pairs">The sentence pairs; of no pairs, the means and the share are 0.</param>
    public static SetStatistics Of(IReadOnlyList<AlignedPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var source = new WordCounter();
        var target = new WordCounter();
        (long sourceTotal, long targetTotal) = (0, 0);
        (int longestSource, int longestTarget, int crossing) = (0, 0, 0);
        foreach (AlignedPair pair in pairs)
        {
            source.Add(pair.Source);
            target.Add(pair.Target);
            int sourceLength = WordCounter.Length(pair.Source);
            int targetLength = WordCounter.Length(pair.Target);
            sourceTotal += sourceLength;
            targetTotal += targetLength;
            longestSource = Math.Max(longestSource, sourceLength);
            longestTarget = Math.Max(longestTarget, targetLength);
            crossing += pair.HasCrossing ? 1 : 0;
        }

        double count = Math.Max(1, pairs.Count);
        return new(pairs.Count, source.Distinct, target.Distinct, sourceTotal / count, targetTotal / count,
            longestSource, longestTarget, crossing / count);
    }

    /// <summary>One line of figures.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Pairs,6} pairs, {SourceWords,4} German and {TargetWords,4} English words, length {MeanSourceLength:F1} and {MeanTargetLength:F1} in the mean, {LongestSource} and {LongestTarget} at most, {100 * CrossingShare:F0} % with crossing alignments");
}

/// <summary>The figures of the built-in corpus, set by set.</summary>
/// <param name="Training">Training pairs.</param>
/// <param name="Validation">Validation pairs.</param>
/// <param name="Test">Held-out test pairs.</param>
/// <param name="CombinationTest">Test pairs with unseen combinations of words.</param>
public sealed record CorpusStatistics(
    SetStatistics Training, SetStatistics Validation, SetStatistics Test, SetStatistics CombinationTest)
{
    /// <summary>Four lines, one for each set.</summary>
    public override string ToString() => string.Join('\n',
        $"training         {Training}", $"validation       {Validation}", $"test             {Test}", $"combination test {CombinationTest}");
}
