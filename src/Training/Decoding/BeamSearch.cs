using Transformer.Autograd;
using Transformer.Training.Data;

namespace Transformer.Training.Decoding;

/// <summary>
/// Beam search over a batch of sentences: each keeps its most probable prefixes, and a hypothesis that reached
/// &lt;eos&gt; is set aside, finished, and competes with its final score. The score is
/// ln p / ((5 + length) / 6)^α (Wu et al. 2016, section 7, without the coverage term); length counts &lt;eos&gt;. A sentence's
/// search ends when no prefix can win any more, however long it still grew: ln p only falls. (To end with as many finished
/// hypotheses as the beam is wide would favour short ones, for these are found first.) Equal scores: the hypothesis that was
/// found first.
/// </summary>
/// <param name="width">Prefixes kept for each sentence, 1 or more.</param>
/// <param name="lengthPenalty">α, 0 or more; 0 ranks by probability alone, larger values favour longer translations.</param>
public sealed class BeamSearch(int width, double lengthPenalty = BeamSearch.DefaultLengthPenalty)
{
    /// <summary>α where nothing else is said.</summary>
    public const double DefaultLengthPenalty = 1;

    private readonly int width = width >= 1 ? width : throw new ArgumentOutOfRangeException(nameof(width), width, "A beam holds 1 prefix or more.");

    private readonly double lengthPenalty = lengthPenalty >= 0 && double.IsFinite(lengthPenalty)
        ? lengthPenalty
        : throw new ArgumentOutOfRangeException(nameof(lengthPenalty), lengthPenalty, "A length penalty is 0 or more.");

    /// <summary>Decodes each row of a batch.</summary>
    /// <param name="decoder">One row for each sentence, nothing decoded yet.</param>
    /// <param name="lengthLimits">For each sentence, the most tokens that it may get, &lt;eos&gt; included.</param>
    /// <returns>The best hypothesis of each sentence, in order: a finished one, unless its limit cut every one off.</returns>
    /// <exception cref="ArgumentException">The limits are not one for each row, or one is below 1.</exception>
    /// <exception cref="NotFiniteNumberException">A logit is NaN or +∞, or no token of a row is possible.</exception>
    public IReadOnlyList<Hypothesis> Decode(INextToken decoder, IReadOnlyList<int> lengthLimits)
    {
        SearchArguments.Check(decoder, lengthLimits);
        List<Hypothesis>[] finished = [.. lengthLimits.Select(_ => new List<Hypothesis>())];
        List<Prefix> prefixes = [.. Enumerable.Range(0, lengthLimits.Count).Select(sentence => new Prefix(sentence, [], 0, sentence))];
        using NoGradient scope = new();
        while (prefixes.Count > 0)
        {
            List<Candidate> candidates;
            using (new Step())
                candidates = Candidates(prefixes, decoder.Next([.. prefixes.Select(prefix => prefix.LastToken)]));
            List<Prefix> next = [];
            foreach (IGrouping<int, Candidate> sentence in candidates.GroupBy(candidate => candidate.From.Sentence))
                next.AddRange(Extend(sentence, lengthLimits[sentence.Key], finished[sentence.Key]));
            if (next.Count > 0)
                decoder.Select([.. next.Select(prefix => prefix.Row)]);
            prefixes = next;
        }

        return [.. finished.Select(hypotheses => hypotheses.MaxBy(hypothesis => hypothesis.Score)!)];
    }

    // The best continuations of each prefix.
    private List<Candidate> Candidates(List<Prefix> prefixes, Tensor logits)
    {
        // Twice the width: even if each prefix's best continuation is its end, width others are left.
        int wanted = (int)Math.Min(2L * width, logits.Shape[1]);
        int[] tokens = new int[prefixes.Count * wanted];
        double[] logProbabilities = new double[tokens.Length];
        TopTokens.Find(logits, wanted, tokens, logProbabilities);
        List<Candidate> candidates = new(tokens.Length);
        for (int i = 0; i < tokens.Length; i++)
        {
            // Below wanted tokens may be possible: −∞ is no candidate.
            int row = i / wanted;
            if (logProbabilities[i] > double.NegativeInfinity)
                candidates.Add(new Candidate(prefixes[row], row, tokens[i], prefixes[row].LogProbability + logProbabilities[i]));
        }

        return candidates;
    }

    // A sentence's best continuations: those that end join the finished ones, the others live on, at most width of them.
    private List<Prefix> Extend(IEnumerable<Candidate> candidates, int lengthLimit, List<Hypothesis> finished)
    {
        List<Prefix> alive = [];
        foreach ((Prefix from, int row, int token, double logProbability) in candidates.OrderByDescending(c => c.LogProbability))
        {
            if (alive.Count == width)
                break;
            // An end counts where it is better than a prefix that is kept.
            if (token == Vocabulary.End)
                finished.Add(Finish(from.Tokens, logProbability, isFinished: true));
            else
                alive.Add(new Prefix(from.Sentence, [.. from.Tokens, token], logProbability, row));
        }

        if (alive.Count > 0 && alive[0].Tokens.Count < lengthLimit && CanWin(alive[0], lengthLimit, finished))
            return alive;
        // Cut off. The probability of a sentence that did not end is no whole one, so it does not compete with those that did.
        if (finished.Count == 0)
            finished.AddRange(alive.Select(prefix => Finish(prefix.Tokens, prefix.LogProbability, isFinished: false)));
        return [];
    }

    // The most probable prefix would score best if it went on for certain and ended at the limit.
    private bool CanWin(Prefix prefix, int lengthLimit, List<Hypothesis> finished) =>
        finished.Count == 0 || finished.Max(hypothesis => hypothesis.Score) < Score(prefix.LogProbability, lengthLimit);

    private Hypothesis Finish(IReadOnlyList<int> tokens, double logProbability, bool isFinished) =>
        new(tokens, logProbability, Score(logProbability, tokens.Count + (isFinished ? 1 : 0)), isFinished);

    private double Score(double logProbability, int length) => logProbability / Math.Pow((5.0 + length) / 6, lengthPenalty);

    private readonly record struct Candidate(Prefix From, int Row, int Token, double LogProbability);

    private sealed record Prefix(int Sentence, IReadOnlyList<int> Tokens, double LogProbability, int Row)
    {
        public int LastToken => Tokens.Count == 0 ? Vocabulary.Begin : Tokens[^1];
    }
}
