using System.Diagnostics;
using System.Globalization;

namespace Transformer.Training.Metrics;

/// <summary>A BLEU score with everything that it is made of.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class BleuScore
{
    private readonly long[] matches;
    private readonly long[] totals;
    private readonly double[] precisions;

    /// <summary>
    /// The score of given counts (Papineni et al. 2002, section 2.3; smoothing <c>exp</c> of Post 2018):
    /// BLEU = BP · exp(Σₙ ln pₙ / 4), n = 1 … 4.
    /// </summary>
    /// <param name="matches">Per order n: the n-grams of the hypotheses that are in their references.</param>
    /// <param name="totals">Per order n: all n-grams of the hypotheses.</param>
    /// <param name="hypothesisLength">The tokens of all hypotheses.</param>
    /// <param name="referenceLength">The tokens of all references.</param>
    /// <param name="signature">How it was computed.</param>
    internal BleuScore(long[] matches, long[] totals, long hypothesisLength, long referenceLength, string signature)
    {
        this.matches = matches;
        this.totals = totals;
        HypothesisLength = hypothesisLength;
        ReferenceLength = referenceLength;
        Signature = signature;
        BrevityPenalty = Penalty(hypothesisLength, referenceLength);
        precisions = SmoothedPrecisions(matches, totals);
        // ln 0 makes the mean −∞ and the score 0: no n-gram at all of some order, or no match of any.
        // A mean of logarithms rounds: equal texts would score 100.00000000000004.
        Score = matches.All(count => count == 0)
            ? 0
            : Math.Min(100, BrevityPenalty * Math.Exp(precisions.Sum(Math.Log) / precisions.Length));
    }

    /// <summary>BLEU, from 0 to 100.</summary>
    public double Score { get; }

    /// <summary>Per order 1 to 4: the n-grams of the hypotheses that are in their references, each as often as there at most.</summary>
    public IReadOnlyList<long> Matches => matches;

    /// <summary>Per order 1 to 4: all n-grams of the hypotheses.</summary>
    public IReadOnlyList<long> Totals => totals;

    /// <summary>Per order 1 to 4: the smoothed precision in percent.</summary>
    public IReadOnlyList<double> Precisions => precisions;

    /// <summary>exp(1 − r/c) where the hypotheses (c tokens) are shorter than the references (r tokens), else 1.</summary>
    public double BrevityPenalty { get; }

    /// <summary>The tokens of all hypotheses.</summary>
    public long HypothesisLength { get; }

    /// <summary>The tokens of all references.</summary>
    public long ReferenceLength { get; }

    /// <summary>How it was computed, so that scores can be compared (Post 2018).</summary>
    public string Signature { get; }

    /// <summary>One line as sacreBLEU prints it: score, precisions, penalty, lengths.</summary>
    public override string ToString()
    {
        string percentages = string.Join('/', precisions.Select(p => p.ToString("F1", CultureInfo.InvariantCulture)));
        double ratio = ReferenceLength == 0 ? 0 : (double)HypothesisLength / ReferenceLength;
        return string.Create(CultureInfo.InvariantCulture,
            $"BLEU = {Score:F2} {percentages} (BP = {BrevityPenalty:F3} ratio = {ratio:F3} hyp_len = {HypothesisLength} ref_len = {ReferenceLength})");
    }

    private static double Penalty(long hypothesis, long reference)
    {
        if (hypothesis >= reference) return 1;
        return hypothesis == 0 ? 0 : Math.Exp(1 - (double)reference / hypothesis);
    }

    // pₙ = 100 mₙ / tₙ; the k-th order without a match counts as 1/2ᵏ of one.
    private static double[] SmoothedPrecisions(long[] matches, long[] totals)
    {
        var smoothed = new double[matches.Length];
        if (matches.All(count => count == 0)) return smoothed;
        double halvings = 1;
        for (int n = 0; n < smoothed.Length && totals[n] > 0; n++)
        {
            if (matches[n] == 0) halvings *= 2;
            smoothed[n] = 100.0 * (matches[n] == 0 ? 1 / halvings : matches[n]) / totals[n];
        }
        return smoothed;
    }
}
