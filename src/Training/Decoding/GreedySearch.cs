using Transformer.Autograd;
using Transformer.Training.Data;

namespace Transformer.Training.Decoding;

/// <summary>Takes the most probable token at each position. Finished sentences leave the batch.</summary>
public static class GreedySearch
{
    /// <summary>Decodes each row of a batch.</summary>
    /// <param name="decoder">One row for each sentence, nothing decoded yet.</param>
    /// <param name="lengthLimits">For each row, the most tokens that it may get, &lt;eos&gt; included.</param>
    /// <returns>A hypothesis for each row, in order.</returns>
    /// <exception cref="ArgumentException">The limits are not one for each row, or one is below 1.</exception>
    /// <exception cref="NotFiniteNumberException">A logit is NaN or +∞, or no token of a row is possible.</exception>
    public static IReadOnlyList<Hypothesis> Decode(INextToken decoder, IReadOnlyList<int> lengthLimits)
    {
        SearchArguments.Check(decoder, lengthLimits);
        Hypothesis[] results = new Hypothesis[lengthLimits.Count];
        List<int>[] prefixes = [.. lengthLimits.Select(_ => new List<int>())];
        List<int> sentences = [.. Enumerable.Range(0, lengthLimits.Count)];
        int[] tokens = [.. sentences.Select(_ => Vocabulary.Begin)];
        using NoGradient scope = new();
        while (sentences.Count > 0)
        {
            int[] best;
            using (new Step())
                best = LargestOfEachRow(decoder.Next(tokens));
            List<int> rowsLeft = [];
            for (int row = 0; row < best.Length; row++)
            {
                int sentence = sentences[row];
                bool isEnd = best[row] == Vocabulary.End;
                if (!isEnd)
                    prefixes[sentence].Add(best[row]);
                if (isEnd || prefixes[sentence].Count >= lengthLimits[sentence])
                    results[sentence] = new Hypothesis(prefixes[sentence], 0, 0, isEnd);
                else
                    rowsLeft.Add(row);
            }

            tokens = [.. rowsLeft.Select(row => best[row])];
            if (rowsLeft.Count < sentences.Count && rowsLeft.Count > 0)
                decoder.Select([.. rowsLeft]);
            sentences = [.. rowsLeft.Select(row => sentences[row])];
        }

        return results;
    }

    private static int[] LargestOfEachRow(Tensor logits)
    {
        int[] largest = new int[logits.Shape[0]];
        TopTokens.Largest(logits, largest);
        return largest;
    }
}
