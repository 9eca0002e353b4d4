using System.Numerics;

namespace Transformer.Kernels;

/// <summary>The plain references of <see cref="CrossEntropy"/>.</summary>
internal static class CrossEntropyPlain
{
    public static (T LossSum, int Counted) Forward<T>(ReadOnlySpan<T> logits, ReadOnlySpan<int> targets, T smoothing, int ignoredIndex,
        Span<T> logSumExp, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double lossSum = 0;
        int counted = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            logSumExp[row] = T.Zero;
            if (targets[row] == ignoredIndex)
                continue;

            ReadOnlySpan<T> x = logits.Slice(row * classes, classes);
            T largest = T.NegativeInfinity;
            foreach (T value in x)
                largest = T.Max(largest, value);

            T sumOfExp = T.Zero;
            T sum = T.Zero;
            foreach (T value in x)
            {
                sumOfExp += T.Exp(value - largest);
                sum += value;
            }

            logSumExp[row] = largest + T.Log(sumOfExp);
            lossSum += double.CreateTruncating(RowLoss(logSumExp[row], x[targets[row]], sum, smoothing, classes));
            counted++;
        }
        return (T.CreateTruncating(lossSum), counted);
    }

    public static void Backward<T>(ReadOnlySpan<T> logits, ReadOnlySpan<int> targets, T smoothing, int ignoredIndex,
        ReadOnlySpan<T> logSumExp, T factor, Span<T> logitsGradient, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T spread = smoothing / T.CreateTruncating(Math.Max(classes, 1));
        for (int row = 0; row < targets.Length; row++)
        {
            ReadOnlySpan<T> x = logits.Slice(row * classes, classes);
            Span<T> dx = logitsGradient.Slice(row * classes, classes);
            if (targets[row] == ignoredIndex)
            {
                dx.Clear();
                continue;
            }
            for (int k = 0; k < classes; k++)
            {
                T q = k == targets[row] ? T.One - smoothing + spread : spread;
                dx[k] = factor * (T.Exp(x[k] - logSumExp[row]) - q);
            }
        }
    }

    /// <summary>ln Σ exp x − (1 − ε) x_target − ε mean x; without smoothing an x of −∞ elsewhere in the row must not turn into 0 · ∞.</summary>
    public static T RowLoss<T>(T logSumExp, T targetLogit, T sumOfLogits, T smoothing, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        smoothing == T.Zero
            ? logSumExp - targetLogit
            : ((T.One - smoothing) * (logSumExp - targetLogit)) + (smoothing * (logSumExp - (sumOfLogits / T.CreateTruncating(classes))));
}
