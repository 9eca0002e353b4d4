using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// Functions of the rows of a matrix [rows, columns]. The output may be the same memory as an input.
/// Lengths that do not fit throw <see cref="ArgumentException"/>.
/// </summary>
public static unsafe class Rows
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
        int rows = Check.Rows(nameof(output), output.Length, columns);
        Check.Length(nameof(input), input.Length, output.Length);
        Check.LengthOrEmpty(nameof(mask), mask.Length, output.Length);
        if (Execution.Plain)
        {
            RowsPlain.Softmax(input, mask, output, columns);
            return;
        }
        fixed (T* x = input, y = output)
        fixed (bool* keep = mask)
            Ranges.Run<T, SoftmaxKernel<T>>(rows, columns, new(new(x, input.Length), new(keep, mask.Length), new(y, output.Length), columns));
    }

    /// <summary>∂L/∂xᵢ = yᵢ (∂L/∂yᵢ − Σⱼ ∂L/∂yⱼ yⱼ) over each row, from the output y of <see cref="Softmax"/>.</summary>
    public static void SoftmaxGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = CheckGradient(output, outputGradient, inputGradient, columns);
        if (Execution.Plain)
        {
            RowsPlain.SoftmaxGradient(output, outputGradient, inputGradient, columns);
            return;
        }
        fixed (T* y = output, dy = outputGradient, dx = inputGradient)
            Ranges.Run<T, SoftmaxGradientKernel<T>>(rows, columns, new(new(y, output.Length), new(dy, output.Length), new(dx, output.Length), columns));
    }

    /// <summary>yᵢ = xᵢ − max x − ln Σⱼ exp(xⱼ − max x) over each row, without a mask.</summary>
    public static void LogSoftmax<T>(ReadOnlySpan<T> input, Span<T> output, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        LogSoftmax(input, [], output, columns);

    /// <summary>
    /// The logarithm of <see cref="Softmax"/>: yᵢ = xᵢ − max x − ln Σⱼ exp(xⱼ − max x) over the kept entries of each row. Entries that the
    /// mask drops and entries of −∞ get −∞, the logarithm of 0; so does a whole row with nothing left. A NaN that is kept makes its row NaN.
    /// </summary>
    /// <param name="input">[rows, columns].</param>
    /// <param name="mask">Empty, or [rows, columns]: true = keep.</param>
    /// <param name="output">[rows, columns].</param>
    /// <param name="columns">Elements in a row.</param>
    public static void LogSoftmax<T>(ReadOnlySpan<T> input, ReadOnlySpan<bool> mask, Span<T> output, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = Check.Rows(nameof(output), output.Length, columns);
        Check.Length(nameof(input), input.Length, output.Length);
        Check.LengthOrEmpty(nameof(mask), mask.Length, output.Length);
        if (Execution.Plain)
        {
            RowsPlain.LogSoftmax(input, mask, output, columns);
            return;
        }
        fixed (T* x = input, y = output)
        fixed (bool* keep = mask)
            Ranges.Run<T, LogSoftmaxKernel<T>>(rows, columns, new(new(x, input.Length), new(keep, mask.Length), new(y, output.Length), columns));
    }

    /// <summary>
    /// ∂L/∂xᵢ = ∂L/∂yᵢ − exp(yᵢ) Σⱼ ∂L/∂yⱼ over each row, from the output y of
    /// <see cref="LogSoftmax{T}(ReadOnlySpan{T}, ReadOnlySpan{bool}, Span{T}, int)"/>. Entries where y is −∞ are constants: they take
    /// no gradient, and theirs does not count in the sum.
    /// </summary>
    public static void LogSoftmaxGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = CheckGradient(output, outputGradient, inputGradient, columns);
        if (Execution.Plain)
        {
            RowsPlain.LogSoftmaxGradient(output, outputGradient, inputGradient, columns);
            return;
        }
        fixed (T* y = output, dy = outputGradient, dx = inputGradient)
            Ranges.Run<T, LogSoftmaxGradientKernel<T>>(rows, columns, new(new(y, output.Length), new(dy, output.Length), new(dx, output.Length), columns));
    }

    /// <summary>yⱼ = Σ over rows of xᵣⱼ: the gradient of a bias. One fixed order of addition at any number of threads.</summary>
    public static void SumOverRows<T>(ReadOnlySpan<T> input, Span<T> output, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = Check.Rows(nameof(input), input.Length, columns);
        Check.Length(nameof(output), output.Length, columns);
        if (Execution.Plain)
            RowsPlain.SumOverRows(input, output, columns);
        else
            Reduction.SumVectors(input, output, outer: 1, axis: rows, inner: columns);
    }

    private static int CheckGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient, int columns)
    {
        Check.Length(nameof(outputGradient), outputGradient.Length, output.Length);
        Check.Length(nameof(inputGradient), inputGradient.Length, output.Length);
        return Check.Rows(nameof(output), output.Length, columns);
    }
}
