using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// Functions of the rows of a matrix [rows, columns]. The output may be the same memory as an input.
/// Lengths that do not fit throw <see cref="ArgumentException"/>.
/// </summary>
public static class Rows
{
    /// <summary>
    /// yᵢ = exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x) over each row. Entries that the mask drops and entries of −∞ get 0;
    /// a row with nothing left is all 0. A NaN that is kept makes its row NaN.
    /// </summary>
    /// <param name="input">[rows, columns].</param>
    /// <param name="mask">Empty, or [rows, columns]: true = keep.</param>
    /// <param name="output">[rows, columns].</param>
    /// <param name="columns">Elements in a row.</param>
    public static void Softmax<T>(ReadOnlySpan<T> input, ReadOnlySpan<bool> mask, Span<T> output, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Rows(nameof(output), output.Length, columns);
        Check.Length(nameof(input), input.Length, output.Length);
        Check.LengthOrEmpty(nameof(mask), mask.Length, output.Length);
        RowsPlain.Softmax(input, mask, output, columns);
    }

    /// <summary>∂L/∂xᵢ = yᵢ (∂L/∂yᵢ − Σⱼ ∂L/∂yⱼ yⱼ) over each row, from the output y of <see cref="Softmax"/>.</summary>
    public static void SoftmaxGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckGradient(output, outputGradient, inputGradient, columns);
        RowsPlain.SoftmaxGradient(output, outputGradient, inputGradient, columns);
    }

    /// <summary>yᵢ = xᵢ − max x − ln Σⱼ exp(xⱼ − max x) over each row. A row of −∞ alone is NaN: it has no distribution.</summary>
    public static void LogSoftmax<T>(ReadOnlySpan<T> input, Span<T> output, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Rows(nameof(output), output.Length, columns);
        Check.Length(nameof(input), input.Length, output.Length);
        RowsPlain.LogSoftmax(input, output, columns);
    }

    /// <summary>∂L/∂xᵢ = ∂L/∂yᵢ − exp(yᵢ) Σⱼ ∂L/∂yⱼ over each row, from the output y of <see cref="LogSoftmax"/>.</summary>
    public static void LogSoftmaxGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckGradient(output, outputGradient, inputGradient, columns);
        RowsPlain.LogSoftmaxGradient(output, outputGradient, inputGradient, columns);
    }

    /// <summary>yⱼ = Σ over rows of xᵣⱼ: the gradient of a bias. One fixed order of addition at any number of threads.</summary>
    public static void SumOverRows<T>(ReadOnlySpan<T> input, Span<T> output, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Rows(nameof(input), input.Length, columns);
        Check.Length(nameof(output), output.Length, columns);
        RowsPlain.SumOverRows(input, output, columns);
    }

    private static void CheckGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient, int columns)
    {
        Check.Rows(nameof(output), output.Length, columns);
        Check.Length(nameof(outputGradient), outputGradient.Length, output.Length);
        Check.Length(nameof(inputGradient), inputGradient.Length, output.Length);
    }
}
