using System.Buffers;
using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// Cross-entropy of a target distribution q with the softmax of logits [rows, classes], with label smoothing
/// (Szegedy et al. 2016, section 7): q = (1 − ε) onehot(target) + ε / classes. Rows whose target is the ignored index contribute nothing.
/// </summary>
public static unsafe class CrossEntropy
{
    /// <summary>
    /// Σ over rows of −Σₖ qₖ ln softmax(x)ₖ = ln Σ exp x − (1 − ε) x_target − ε mean x; summed over the rows in double in a fixed order.
    /// </summary>
    /// <param name="logits">x [rows, classes].</param>
    /// <param name="targets">Class of each row, 0 to classes − 1, or the ignored index.</param>
    /// <param name="smoothing">ε, 0 to 1.</param>
    /// <param name="ignoredIndex">Target of rows that do not count.</param>
    /// <param name="logSumExp">ln Σ exp x of each row, written for <see cref="Backward"/> (0 for ignored rows).</param>
    /// <returns>The sum of the losses, and the number of rows that count.</returns>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is neither a class nor the ignored index, or the smoothing is outside 0 to 1.</exception>
    public static (T LossSum, int Counted) Forward<T>(
        ReadOnlySpan<T> logits, ReadOnlySpan<int> targets, T smoothing, int ignoredIndex, Span<T> logSumExp)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int classes = Classes(logits.Length, targets, smoothing, ignoredIndex);
        Check.Length(nameof(logSumExp), logSumExp.Length, targets.Length);
        if (Execution.Plain)
            return CrossEntropyPlain.Forward(logits, targets, smoothing, ignoredIndex, logSumExp, classes);

        // The rows' losses are kept and added one after the other, so that the sum does not depend on who computed which.
        T[] losses = ArrayPool<T>.Shared.Rent(targets.Length);
        fixed (T* x = logits, l = losses, z = logSumExp)
        fixed (int* t = targets)
        {
            Ranges.Run<T, CrossEntropyKernel<T>>(targets.Length, classes, new(
                new(x, logits.Length), new(t, targets.Length), smoothing, ignoredIndex, new(l, targets.Length), new(z, targets.Length), classes));
        }
        double lossSum = 0;
        int counted = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            if (targets[row] == ignoredIndex)
                continue;
            lossSum += double.CreateTruncating(losses[row]);
            counted++;
        }
        ArrayPool<T>.Shared.Return(losses);
        return (T.CreateTruncating(lossSum), counted);
    }

    /// <summary>∂L/∂x = factor · (softmax x − q) for each row that counts, 0 for ignored rows.</summary>
    /// <param name="logits">x [rows, classes].</param>
    /// <param name="targets">As in <see cref="Forward"/>.</param>
    /// <param name="smoothing">As in <see cref="Forward"/>.</param>
    /// <param name="ignoredIndex">As in <see cref="Forward"/>.</param>
    /// <param name="logSumExp">From <see cref="Forward"/>.</param>
    /// <param name="factor">∂L/∂(sum of the losses), such as 1/counted for a mean.</param>
    /// <param name="logitsGradient">∂L/∂x, assigned; may be the logits' memory.</param>
    public static void Backward<T>(ReadOnlySpan<T> logits, ReadOnlySpan<int> targets, T smoothing, int ignoredIndex,
        ReadOnlySpan<T> logSumExp, T factor, Span<T> logitsGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int classes = Classes(logits.Length, targets, smoothing, ignoredIndex);
        Check.Length(nameof(logSumExp), logSumExp.Length, targets.Length);
        Check.Length(nameof(logitsGradient), logitsGradient.Length, logits.Length);
        if (Execution.Plain)
        {
            CrossEntropyPlain.Backward(logits, targets, smoothing, ignoredIndex, logSumExp, factor, logitsGradient, classes);
            return;
        }
        fixed (T* x = logits, z = logSumExp, dx = logitsGradient)
        fixed (int* t = targets)
        {
            Ranges.Run<T, CrossEntropyGradientKernel<T>>(targets.Length, classes, new(
                new(x, logits.Length), new(t, targets.Length), smoothing, ignoredIndex, new(z, targets.Length), factor, new(dx, logits.Length), classes));
        }
    }

    private static int Classes<T>(int length, ReadOnlySpan<int> targets, T smoothing, int ignoredIndex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!(smoothing >= T.Zero && smoothing <= T.One))
            throw new ArgumentOutOfRangeException(nameof(smoothing), Check.Text($"Label smoothing is between 0 and 1, not {smoothing}."));
        if (targets.IsEmpty)
        {
            Check.Length("logits", length, 0);
            return 0;
        }
        if (length % targets.Length != 0)
            throw new ArgumentException(Check.Text($"logits has {length} elements, which are no whole rows for {targets.Length} targets."));
        int classes = length / targets.Length;
        for (int row = 0; row < targets.Length; row++)
        {
            if ((uint)targets[row] >= (uint)classes && targets[row] != ignoredIndex)
                throw new ArgumentOutOfRangeException(nameof(targets), Check.Text($"Target {targets[row]} of row {row} is none of {classes} classes."));
        }
        return classes;
    }
}
