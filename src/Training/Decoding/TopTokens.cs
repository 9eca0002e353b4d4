using System.Numerics;
using Transformer.Autograd;
using Transformer.Kernels;

namespace Transformer.Training.Decoding;

/// <summary>The most probable tokens of one row of logits. Equal logits: the smaller token first, so that searches are reproducible.</summary>
internal static class TopTokens
{
    /// <summary>The token with the largest logit of each row.</summary>
    public static void Largest(Tensor logits, Span<int> tokens)
    {
        LargestOfRows largest = new(logits, tokens);
        logits.DType.Dispatch(ref largest);
    }

    /// <summary>The tokens with the largest logits, largest first, with their natural log-probabilities.</summary>
    public static void Find(Tensor logits, int row, Span<int> tokens, Span<double> logProbabilities)
    {
        TopOfRow top = new(logits, row, tokens, logProbabilities);
        logits.DType.Dispatch(ref top);
        foreach (ref double value in logProbabilities)
            value -= top.LogSumExp;
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
            bool isPossible = false;
            foreach (T score in scores)
                isPossible |= IsPossible(score);
            DemandPossible(isPossible);
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
