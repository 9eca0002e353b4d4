using System.Numerics;
using Transformer.Autograd;

namespace Transformer.Training.Decoding;

/// <summary>The most probable tokens of one row of logits. Equal logits: the smaller token first, so that searches are reproducible.</summary>
internal static class TopTokens
{
    /// <summary>The token with the largest logit.</summary>
    public static int Largest(Tensor logits, int row)
    {
        TopOfRow top = new(logits, row, stackalloc int[1], stackalloc double[1]);
        logits.DType.Dispatch(ref top);
        return top.Tokens[0];
    }

    /// <summary>The tokens with the largest logits, largest first, with their natural log-probabilities.</summary>
    public static void Find(Tensor logits, int row, Span<int> tokens, Span<double> logProbabilities)
    {
        TopOfRow top = new(logits, row, tokens, logProbabilities);
        logits.DType.Dispatch(ref top);
        foreach (ref double value in logProbabilities)
            value -= top.LogSumExp;
    }

    private ref struct TopOfRow(Tensor logits, int row, Span<int> tokens, Span<double> values) : ITypedAction
    {
        public Span<int> Tokens { get; } = tokens;

        public Span<double> Values { get; } = values;

        public double LogSumExp { get; private set; }

        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int classes = logits.Shape[1];
            ReadOnlySpan<T> scores = logits.Values<T>().Slice(row * classes, classes);
            Check(scores);
            Values.Fill(double.NegativeInfinity);
            Tokens.Clear();
            for (int token = 0; token < classes; token++)
            {
                double score = double.CreateTruncating(scores[token]);
                if (score > Values[^1])
                    Insert(token, score);
            }

            if (Values.Length == 1)
                return;
            double sum = 0;
            foreach (T score in scores)
                sum += Math.Exp(double.CreateTruncating(score) - Values[0]);
            LogSumExp = Values[0] + Math.Log(sum);
        }

        // −∞ is a token that is impossible. A comparison with NaN is false, so that NaN would choose <pad> for ever, unseen.
        private static void Check<T>(ReadOnlySpan<T> scores)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            bool isPossible = false;
            foreach (T score in scores)
            {
                if (T.IsNaN(score) || T.IsPositiveInfinity(score))
                    throw new NotFiniteNumberException($"a logit of the model is {score}: its parameters are broken or too large");
                isPossible |= T.IsFinite(score);
            }

            if (!isPossible)
                throw new NotFiniteNumberException("every logit of a row is −∞: the model leaves no token possible");
        }

        private readonly void Insert(int token, double score)
        {
            int place = Values.Length - 1;
            for (; place > 0 && score > Values[place - 1]; place--)
            {
                Values[place] = Values[place - 1];
                Tokens[place] = Tokens[place - 1];
            }

            Values[place] = score;
            Tokens[place] = token;
        }
    }
}
