using System.Buffers;
using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// Layer normalization (Ba, Kiros and Hinton 2016) of the rows of x [rows, columns]:
/// x̂ = (x − mean x) / √(var x + ε), y = x̂ ⊙ weight + bias. Lengths that do not fit throw <see cref="ArgumentException"/>.
/// </summary>
public static unsafe class LayerNormalization
{
    /// <summary>y = x̂ ⊙ weight + bias; keeps what <see cref="Backward"/> needs. The variance is the mean of (x − mean x)², in two passes.</summary>
    /// <param name="input">x [rows, columns].</param>
    /// <param name="weight">[columns]; empty means 1.</param>
    /// <param name="bias">[columns]; empty means 0.</param>
    /// <param name="epsilon">ε, added to the variance.</param>
    /// <param name="output">y [rows, columns]; may be the input's memory.</param>
    /// <param name="mean">[rows], written.</param>
    /// <param name="inverseDeviation">1/√(var + ε) [rows], written.</param>
    /// <param name="columns">Elements in a row.</param>
    public static void Forward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, T epsilon,
        Span<T> output, Span<T> mean, Span<T> inverseDeviation, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = Check.Rows(nameof(input), input.Length, columns);
        Check.LengthOrEmpty(nameof(weight), weight.Length, columns);
        Check.LengthOrEmpty(nameof(bias), bias.Length, columns);
        Check.Length(nameof(output), output.Length, input.Length);
        Check.Length(nameof(mean), mean.Length, rows);
        Check.Length(nameof(inverseDeviation), inverseDeviation.Length, rows);
        if (Execution.Plain)
        {
            LayerNormalizationPlain.Forward(input, weight, bias, epsilon, output, mean, inverseDeviation, columns);
            return;
        }
        fixed (T* x = input, w = weight, b = bias, y = output, m = mean, s = inverseDeviation)
        {
            Ranges.Run<T, LayerNormalizationKernel<T>>(rows, columns, new(
                new(x, input.Length), new(w, weight.Length), new(b, bias.Length), epsilon, new(y, output.Length), new(m, rows), new(s, rows), columns));
        }
    }

    /// <summary>
    /// With g = ∂L/∂y ⊙ weight: ∂L/∂x = (g − mean g − x̂ mean(g ⊙ x̂)) / √(var + ε), ∂L/∂weight = Σ over rows of ∂L/∂y ⊙ x̂,
    /// ∂L/∂bias = Σ over rows of ∂L/∂y. All are assigned; an empty span means that this gradient is not needed.
    /// </summary>
    /// <param name="input">x [rows, columns].</param>
    /// <param name="weight">[columns]; empty means 1.</param>
    /// <param name="mean">[rows], from <see cref="Forward"/>.</param>
    /// <param name="inverseDeviation">[rows], from <see cref="Forward"/>.</param>
    /// <param name="outputGradient">∂L/∂y [rows, columns].</param>
    /// <param name="inputGradient">∂L/∂x [rows, columns] or empty; may be the memory of ∂L/∂y.</param>
    /// <param name="weightGradient">∂L/∂weight [columns] or empty.</param>
    /// <param name="biasGradient">∂L/∂bias [columns] or empty.</param>
    /// <param name="columns">Elements in a row.</param>
    public static void Backward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> weight, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverseDeviation,
        ReadOnlySpan<T> outputGradient, Span<T> inputGradient, Span<T> weightGradient, Span<T> biasGradient, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = CheckBackward(input, weight, mean, inverseDeviation, outputGradient, inputGradient, weightGradient, biasGradient, columns);

        // The sums over rows come first: the input gradient may overwrite ∂L/∂y.
        if (Execution.Plain)
        {
            LayerNormalizationPlain.BackwardParameters(input, mean, inverseDeviation, outputGradient, weightGradient, biasGradient, columns);
            if (!inputGradient.IsEmpty)
                LayerNormalizationPlain.BackwardInput(input, weight, mean, inverseDeviation, outputGradient, inputGradient, columns);
            return;
        }
        int n = input.Length;
        RowBlocks blocks = new(rows, columns);
        int partials = blocks.Count * columns;
        T[] weightPartials = ArrayPool<T>.Shared.Rent(partials);
        T[] biasPartials = ArrayPool<T>.Shared.Rent(partials);
        fixed (T* x = input, w = weight, m = mean, s = inverseDeviation, dy = outputGradient, dx = inputGradient, dw = weightPartials, db = biasPartials)
        {
            Ranges.Run<T, LayerNormalizationGradientKernel<T>>(blocks.Count, blocks.Elements, new(new(x, n), new(w, weight.Length), new(m, rows),
                new(s, rows), new(dy, n), new(dx, inputGradient.Length), new(dw, partials), new(db, partials), blocks, columns));
        }
        blocks.AddUp(weightPartials, weightGradient);
        blocks.AddUp(biasPartials, biasGradient);
        ArrayPool<T>.Shared.Return(weightPartials);
        ArrayPool<T>.Shared.Return(biasPartials);
    }

    /// <summary>Checks the lengths of a backward pass, and returns the number of rows.</summary>
    internal static int CheckBackward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> weight, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverseDeviation,
        ReadOnlySpan<T> outputGradient, ReadOnlySpan<T> inputGradient, ReadOnlySpan<T> weightGradient, ReadOnlySpan<T> biasGradient, int columns)
    {
        int rows = Check.Rows(nameof(input), input.Length, columns);
        Check.LengthOrEmpty(nameof(weight), weight.Length, columns);
        Check.Length(nameof(mean), mean.Length, rows);
        Check.Length(nameof(inverseDeviation), inverseDeviation.Length, rows);
        Check.Length(nameof(outputGradient), outputGradient.Length, input.Length);
        Check.LengthOrEmpty(nameof(inputGradient), inputGradient.Length, input.Length);
        Check.LengthOrEmpty(nameof(weightGradient), weightGradient.Length, columns);
        Check.LengthOrEmpty(nameof(biasGradient), biasGradient.Length, columns);
        return rows;
    }
}
