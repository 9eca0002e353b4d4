using System.Numerics;
using Transformer.Autograd;
using Transformer.Kernels;

namespace Transformer.Training.Decoding;

/// <summary>The most probable tokens of rows of logits. Equal logits: the smaller token first, so that searches are reproducible.</summary>
internal static class TopTokens
{
    /// <summary>The token with the largest logit of each row.</summary>
    public static void Largest(Tensor logits, Span<int> tokens)
    {
        LargestOfRows largest = new(logits, tokens);
        logits.DType.Dispatch(ref largest);
    }

    /// <summary>The tokens with the largest logits of each row, largest first, with their natural log-probabilities.</summary>
    /// <param name="logits">[row, vocabulary].</param>
    /// <param name="wanted">Tokens of each row, at most the vocabulary.</param>
    /// <param name="tokens">[row, wanted].</param>
    /// <param name="logProbabilities">[row, wanted]; −∞ from where on no token is possible.</param>
    public static void Find(Tensor logits, int wanted, Span<int> tokens, Span<double> logProbabilities)
    {
        int[] largest = new int[logits.Shape[0]];
        Largest(logits, largest);
        TopOfRows top = new(logits, logits.LogSoftmax(), largest, wanted, tokens, logProbabilities);
        logits.DType.Dispatch(ref top);
    }

    // −∞ is a token that is impossible. A comparison with NaN is false, so that NaN would choose <pad> for ever, unseen.
    private static bool IsPossible<T>(T score)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        !T.IsNaN(score) && !T.IsPositiveInfinity(score)
            ? !T.IsNegativeInfinity(score)
            : throw new NotFiniteNumberException($"a logit of the model is {score}: its parameters are broken or too large");

    private static void DemandPossible(bool isAny)
    {
        if (!isAny)
            throw new NotFiniteNumberException("every logit of a row is −∞: the model leaves no token possible");
    }

    private readonly ref struct LargestOfRows(Tensor logits, Span<int> tokens) : ITypedAction
    {
        private readonly Span<int> tokens = tokens;

        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] values = new T[tokens.Length];
            LargestElements.Find(logits.Values<T>(), tokens, values);
            foreach (T value in values)
                DemandPossible(IsPossible(value));
        }
    }

    private readonly ref struct TopOfRows(
        Tensor logits, Tensor logSoftmax, int[] largest, int wanted, Span<int> tokens, Span<double> logProbabilities) : ITypedAction
    {
        private readonly Span<int> tokens = tokens;
        private readonly Span<double> logProbabilities = logProbabilities;

        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int classes = logits.Shape[1];
            Span<T> best = new T[wanted];
            for (int row = 0; row < largest.Length; row++)
            {
                ReadOnlySpan<T> scores = logits.Values<T>().Slice(row * classes, classes);
                Span<int> places = tokens.Slice(row * wanted, wanted);
                places.Clear();
                best.Fill(T.NegativeInfinity);
                for (int token = 0; token < scores.Length; token++)
                {
                    if (scores[token] > best[^1])
                        Insert(token, scores[token], places, best);
                }

                // ln Σⱼ exp xⱼ, from one element of the row; subtracted in double, it leaves different logits different.
                T logProbability = logSoftmax.Values<T>()[(row * classes) + largest[row]];
                double logSumExp = double.CreateTruncating(scores[largest[row]]) - double.CreateTruncating(logProbability);
                for (int i = 0; i < wanted; i++)
                    logProbabilities[(row * wanted) + i] = double.CreateTruncating(best[i]) - logSumExp;
            }
        }

        private static void Insert<T>(int token, T score, Span<int> tokens, Span<T> best)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int place = best.Length - 1;
            for (; place > 0 && score > best[place - 1]; place--)
            {
                best[place] = best[place - 1];
                tokens[place] = tokens[place - 1];
            }

            best[place] = score;
            tokens[place] = token;
        }
    }
}
