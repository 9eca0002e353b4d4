using System.Buffers;
using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// What follows every sublayer of the post-norm Transformer (Vaswani et al. 2017, sections 3.1 and 5.4) in one pass over the rows of
/// [rows, columns]: s = x + dropout(y), z = LayerNorm(s). Dropout is that of <see cref="Dropout.Forward"/> and normalization that of
/// <see cref="LayerNormalization"/>, to the same bits. Lengths that do not fit throw <see cref="ArgumentException"/>.
/// </summary>
public static unsafe class ResidualNormalization
{
    /// <summary>s = x + dropout(y), z = (s − mean s) / √(var s + ε) ⊙ weight + bias.</summary>
    /// <param name="residual">x [rows, columns].</param>
    /// <param name="input">y [rows, columns], the sublayer's output.</param>
    /// <param name="rate">Probability of dropping an element of y, 0 ≤ rate &lt; 1; at 0 no random numbers are drawn.</param>
    /// <param name="key">Names the mask.</param>
    /// <param name="weight">[columns]; empty means 1.</param>
    /// <param name="bias">[columns]; empty means 0.</param>
    /// <param name="epsilon">ε, added to the variance.</param>
    /// <param name="sum">s [rows, columns], written for <see cref="Backward"/>; may be the memory of x or of y.</param>
    /// <param name="output">z [rows, columns]; may be the memory of s where nobody needs s.</param>
    /// <param name="mean">[rows], written for <see cref="Backward"/>.</param>
    /// <param name="inverseDeviation">1/√(var s + ε) [rows], written for <see cref="Backward"/>.</param>
    /// <param name="columns">Elements in a row.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, 1 or more, or NaN.</exception>
    public static void Forward<T>(ReadOnlySpan<T> residual, ReadOnlySpan<T> input, T rate, RandomKey key, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias,
        T epsilon, Span<T> sum, Span<T> output, Span<T> mean, Span<T> inverseDeviation, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = Check.Rows(nameof(residual), residual.Length, columns);
        Check.Length(nameof(input), input.Length, residual.Length);
        Check.LengthOrEmpty(nameof(weight), weight.Length, columns);
        Check.LengthOrEmpty(nameof(bias), bias.Length, columns);
        Check.Length(nameof(sum), sum.Length, residual.Length);
        Check.Length(nameof(output), output.Length, residual.Length);
        Check.Length(nameof(mean), mean.Length, rows);
        Check.Length(nameof(inverseDeviation), inverseDeviation.Length, rows);
        DropoutMask<T> mask = new(rate, key);
        if (Execution.Plain)
        {
            for (int i = 0; i < sum.Length; i++)
                sum[i] = residual[i] + mask.Of(input[i], i);
            LayerNormalizationPlain.Forward(sum, weight, bias, epsilon, output, mean, inverseDeviation, columns);
            return;
        }
        int n = residual.Length;
        fixed (T* x = residual, y = input, w = weight, b = bias, s = sum, z = output, m = mean, d = inverseDeviation)
        {
            LayerNormalizationKernel<T> normalization = new(
                new(s, n), new(w, weight.Length), new(b, bias.Length), epsilon, new(z, n), new(m, rows), new(d, rows), columns);
            Ranges.Run<T, ResidualNormalizationKernel<T>>(rows, columns, new(new(x, n), new(y, n), mask, new(s, n), normalization, columns));
        }
    }

    /// <summary>
    /// With ∂L/∂s as in <see cref="LayerNormalization.Backward"/>: ∂L/∂x = ∂L/∂s, ∂L/∂y = dropout(∂L/∂s) with the mask of the forward pass, and
    /// ∂L/∂weight, ∂L/∂bias, the sums over rows. All are assigned.
    /// </summary>
    /// <param name="sum">s [rows, columns], from <see cref="Forward"/>.</param>
    /// <param name="rate">As in <see cref="Forward"/>.</param>
    /// <param name="key">As in <see cref="Forward"/>.</param>
    /// <param name="weight">[columns]; empty means 1.</param>
    /// <param name="mean">[rows], from <see cref="Forward"/>.</param>
    /// <param name="inverseDeviation">[rows], from <see cref="Forward"/>.</param>
    /// <param name="outputGradient">∂L/∂z [rows, columns].</param>
    /// <param name="residualGradient">∂L/∂x [rows, columns]; may be the memory of ∂L/∂z.</param>
    /// <param name="inputGradient">∂L/∂y [rows, columns]; empty where it is not needed; the memory of ∂L/∂x where that is not needed.</param>
    /// <param name="weightGradient">∂L/∂weight [columns]; empty where it is not needed.</param>
    /// <param name="biasGradient">∂L/∂bias [columns]; empty where it is not needed.</param>
    /// <param name="columns">Elements in a row.</param>
    public static void Backward<T>(ReadOnlySpan<T> sum, T rate, RandomKey key, ReadOnlySpan<T> weight, ReadOnlySpan<T> mean,
        ReadOnlySpan<T> inverseDeviation, ReadOnlySpan<T> outputGradient, Span<T> residualGradient, Span<T> inputGradient,
        Span<T> weightGradient, Span<T> biasGradient, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = LayerNormalization.CheckBackward(
            sum, weight, mean, inverseDeviation, outputGradient, residualGradient, weightGradient, biasGradient, columns);
        Check.Length(nameof(residualGradient), residualGradient.Length, sum.Length);
        Check.LengthOrEmpty(nameof(inputGradient), inputGradient.Length, sum.Length);
        DropoutMask<T> mask = new(rate, key);
        if (Execution.Plain)
        {
            LayerNormalizationPlain.BackwardParameters(sum, mean, inverseDeviation, outputGradient, weightGradient, biasGradient, columns);
            LayerNormalizationPlain.BackwardInput(sum, weight, mean, inverseDeviation, outputGradient, residualGradient, columns);
            for (int i = 0; i < inputGradient.Length; i++)
                inputGradient[i] = mask.Of(residualGradient[i], i);
            return;
        }
        int n = sum.Length;
        RowBlocks blocks = new(rows, columns);
        int partials = blocks.Count * columns;
        T[] weightPartials = ArrayPool<T>.Shared.Rent(partials);
        T[] biasPartials = ArrayPool<T>.Shared.Rent(partials);
        fixed (T* s = sum, w = weight, m = mean, d = inverseDeviation, dz = outputGradient, dx = residualGradient, dy = inputGradient,
            dw = weightPartials, db = biasPartials)
        {
            LayerNormalizationGradientKernel<T> normalization = new(new(s, n), new(w, weight.Length), new(m, rows), new(d, rows),
                new(dz, n), new(dx, n), new(dw, partials), new(db, partials), blocks, columns);
            Ranges.Run<T, ResidualNormalizationGradientKernel<T>>(
                blocks.Count, blocks.Elements, new(normalization, mask, new(dx, n), new(dy, inputGradient.Length), blocks, columns));
        }
        blocks.AddUp(weightPartials, weightGradient);
        blocks.AddUp(biasPartials, biasGradient);
        ArrayPool<T>.Shared.Return(weightPartials);
        ArrayPool<T>.Shared.Return(biasPartials);
    }
}
