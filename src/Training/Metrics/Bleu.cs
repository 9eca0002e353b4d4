using System.Runtime.InteropServices;

namespace Transformer.Training.Metrics;

/// <summary>
/// Corpus BLEU-4 with one reference (Papineni et al. 2002, "BLEU: a method for automatic evaluation of machine translation"),
/// computed as sacreBLEU does (Post 2018, "A call for clarity in reporting BLEU scores"), with exponential smoothing.
/// </summary>
public static class Bleu
{
    private const int Orders = 4;

    /// <summary>Scores lines of text.</summary>
    /// <param name="hypotheses">The translations, one a sentence.</param>
    /// <param name="references">What they should be, in the same order.</param>
    /// <param name="tokenization">How both are cut into tokens.</param>
    /// <param name="lowerCase">Whether both are lower-cased first; <see cref="BleuTokenization.Tokens"/> does so anyway.</param>
    /// <exception cref="ArgumentException">There are not as many hypotheses as references.</exception>
    public static BleuScore Score(
        IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, BleuTokenization tokenization, bool lowerCase = false)
    {
        ArgumentNullException.ThrowIfNull(hypotheses);
        ArgumentNullException.ThrowIfNull(references);
        lowerCase |= tokenization == BleuTokenization.Tokens;
        return Score(
            [.. hypotheses.Select(line => BleuTokenizer.Tokenize(line, tokenization, lowerCase))],
            [.. references.Select(line => BleuTokenizer.Tokenize(line, tokenization, lowerCase))],
            Signature(tokenization, lowerCase));
    }

    /// <summary>Scores sentences that are tokens already.</summary>
    /// <param name="hypotheses">The tokens of the translations.</param>
    /// <param name="references">The tokens of what they should be, in the same order.</param>
    /// <param name="signature">How the tokens were made, for the result.</param>
    /// <exception cref="ArgumentException">There are not as many hypotheses as references.</exception>
    public static BleuScore Score(
        IReadOnlyList<IReadOnlyList<string>> hypotheses, IReadOnlyList<IReadOnlyList<string>> references, string signature)
    {
        ArgumentNullException.ThrowIfNull(hypotheses);
        ArgumentNullException.ThrowIfNull(references);
        if (hypotheses.Count != references.Count)
            throw new ArgumentException($"{hypotheses.Count} hypotheses, but {references.Count} references");
        var numbers = new Dictionary<string, int>();
        var matches = new long[Orders];
        var totals = new long[Orders];
        long hypothesisLength = 0, referenceLength = 0;
        for (int i = 0; i < hypotheses.Count; i++)
        {
            int[] hypothesis = Numbered(hypotheses[i], numbers);
            int[] reference = Numbered(references[i], numbers);
            hypothesisLength += hypothesis.Length;
            referenceLength += reference.Length;
            for (int n = 1; n <= Orders; n++)
            {
                totals[n - 1] += Math.Max(0, hypothesis.Length - n + 1);
                matches[n - 1] += Matches(Count(hypothesis, n), Count(reference, n));
            }
        }
        return new BleuScore(matches, totals, hypothesisLength, referenceLength, signature);
    }

    /// <summary>
    /// The name of a way to compute BLEU, after the model of sacreBLEU's; <c>tokens+unk</c> tells that <c>&lt;unk&gt;</c> is one token.
    /// </summary>
    public static string Signature(BleuTokenization tokenization, bool lowerCase)
    {
        string tokenizer = tokenization switch
        {
            BleuTokenization.ThirteenA => "13a",
            BleuTokenization.None => "none",
            _ => "tokens+unk",
        };
        bool lower = lowerCase || tokenization == BleuTokenization.Tokens;
        return $"BLEU|nrefs:1|case:{(lower ? "lc" : "mixed")}|eff:no|tok:{tokenizer}|smooth:exp|version:transformer-cs-1";
    }

    // Equal tokens get equal numbers: an n-gram is then four numbers, and nothing is joined to strings.
    private static int[] Numbered(IReadOnlyList<string> tokens, Dictionary<string, int> numbers)
    {
        var result = new int[tokens.Count];
        for (int i = 0; i < result.Length; i++)
        {
            if (!numbers.TryGetValue(tokens[i], out result[i]))
            {
                result[i] = numbers.Count;
                numbers.Add(tokens[i], result[i]);
            }
        }
        return result;
    }

    private static Dictionary<(int, int, int, int), int> Count(int[] tokens, int n)
    {
        var counts = new Dictionary<(int, int, int, int), int>();
        for (int i = 0; i + n <= tokens.Length; i++)
        {
            var gram = (tokens[i], n > 1 ? tokens[i + 1] : -1, n > 2 ? tokens[i + 2] : -1, n > 3 ? tokens[i + 3] : -1);
            CollectionsMarshal.GetValueRefOrAddDefault(counts, gram, out _)++;
        }
        return counts;
    }

    // Clipped: repeating a word of the reference does not help.
    private static long Matches(Dictionary<(int, int, int, int), int> hypothesis, Dictionary<(int, int, int, int), int> reference) =>
        hypothesis.Sum(gram => (long)Math.Min(gram.Value, reference.GetValueOrDefault(gram.Key)));
}
