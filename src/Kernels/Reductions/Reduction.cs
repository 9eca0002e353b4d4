using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// Reductions over one axis: x is viewed as [outer, axis, inner] and y is [outer, inner]. The order of every sum is fixed,
/// so the result has the same bits at any number of threads. Lengths that do not fit throw <see cref="ArgumentException"/>.
/// </summary>
public static unsafe partial class Reduction
{
    /// <summary>y[o, i] = Σₐ x[o, a, i].</summary>
    public static void Sum<T>(ReadOnlySpan<T> input, Span<T> output, int outer, int axis, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckShape(input.Length, nameof(output), output.Length, outer, axis, inner);
        if (Execution.Plain)
            ReductionPlain.Sum(input, output, axis, inner);
        else
            SumVectors(input, output, outer, axis, inner);
    }

    /// <summary>y[o, i] = Σₐ x[o, a, i] / axis; NaN where the axis is empty.</summary>
    public static void Mean<T>(ReadOnlySpan<T> input, Span<T> output, int outer, int axis, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Sum(input, output, outer, axis, inner);
        T count = T.CreateTruncating(axis);
        for (int i = 0; i < output.Length; i++)
            output[i] /= count;
    }

    /// <summary>y[o, i] = maxₐ x[o, a, i]; NaN where one of them is.</summary>
    /// <exception cref="ArgumentException">The axis is empty but the output is not, or lengths do not fit.</exception>
    public static void Max<T>(ReadOnlySpan<T> input, Span<T> output, int outer, int axis, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckShape(input.Length, nameof(output), output.Length, outer, axis, inner);
        if (axis == 0 && output.Length != 0)
            throw new ArgumentException("The maximum over an empty axis does not exist.");
        ReductionPlain.Max(input, output, axis, inner);
    }

    /// <summary>mean as in <see cref="Mean"/>, and y[o, i] = Σₐ (x[o, a, i] − mean)² / (axis − correction), in two passes.</summary>
    /// <param name="input">x [outer, axis, inner].</param>
    /// <param name="mean">[outer, inner], written; <see cref="VarianceGradient"/> needs it.</param>
    /// <param name="output">y [outer, inner].</param>
    /// <param name="outer">Product of the sizes before the axis.</param>
    /// <param name="axis">Size of the axis.</param>
    /// <param name="inner">Product of the sizes behind the axis.</param>
    /// <param name="correction">0 divides by the count (population), 1 by the count − 1 (sample, Bessel).</param>
    public static void Variance<T>(ReadOnlySpan<T> input, Span<T> mean, Span<T> output, int outer, int axis, int inner, int correction)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(output), output.Length, (long)outer * inner);
        Mean(input, mean, outer, axis, inner);
        T divisor = T.CreateTruncating(axis - correction);
        if (Execution.Plain || inner != 1)
        {
            ReductionPlain.Variance(input, mean, output, axis, inner, divisor);
            return;
        }
        fixed (T* x = input, m = mean, y = output)
            Ranges.Run<T, RowVarianceKernel<T>>(outer, axis, new(new(x, input.Length), new(m, mean.Length), new(y, output.Length), axis, divisor));
    }

    /// <summary>∂L/∂x[o, a, i] = factor · ∂L/∂y[o, i]: the factor is 1 for a sum and 1/axis for a mean.</summary>
    public static void SumGradient<T>(ReadOnlySpan<T> outputGradient, T factor, Span<T> inputGradient, int outer, int axis, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckShape(inputGradient.Length, nameof(outputGradient), outputGradient.Length, outer, axis, inner);
        if (Execution.Plain)
        {
            ReductionPlain.SumGradient(outputGradient, factor, inputGradient, axis, inner);
            return;
        }
        for (int o = 0; o < outer; o++)
        {
            Span<T> block = inputGradient.Slice(o * axis * inner, axis * inner);
            if (inner == 1)
            {
                block.Fill(factor * outputGradient[o]);
                continue;
            }
            for (int a = 0; a < axis; a++)
                Elementwise.Scale(outputGradient.Slice(o * inner, inner), factor, block.Slice(a * inner, inner));
        }
    }

    /// <summary>∂L/∂x[o, a, i] = ∂L/∂y[o, i] / (number of ties) where x[o, a, i] = y[o, i], else 0.</summary>
    public static void MaxGradient<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient, int outer, int axis, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckShape(input.Length, nameof(output), output.Length, outer, axis, inner);
        Check.Length(nameof(outputGradient), outputGradient.Length, output.Length);
        Check.Length(nameof(inputGradient), inputGradient.Length, input.Length);
        ReductionPlain.MaxGradient(input, output, outputGradient, inputGradient, axis, inner);
    }

    /// <summary>∂L/∂x[o, a, i] = ∂L/∂y[o, i] · 2 (x[o, a, i] − mean[o, i]) / (axis − correction).</summary>
    public static void VarianceGradient<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> mean, ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient, int outer, int axis, int inner, int correction)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckShape(input.Length, nameof(mean), mean.Length, outer, axis, inner);
        Check.Length(nameof(outputGradient), outputGradient.Length, mean.Length);
        Check.Length(nameof(inputGradient), inputGradient.Length, input.Length);
        ReductionPlain.VarianceGradient(input, mean, outputGradient, inputGradient, axis, inner, T.CreateTruncating(axis - correction));
    }

    internal static void SumVectors<T>(ReadOnlySpan<T> input, Span<T> output, int outer, int axis, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* x = input, y = output)
        {
            if (inner == 1)
                Ranges.Run<T, RowSumKernel<T>>(outer, axis, new(new(x, input.Length), new(y, output.Length), axis));
            else
                Ranges.Run<T, ColumnSumKernel<T>>(
                    outer * ColumnBlocks.Count(inner), (long)axis * Math.Min(inner, ColumnBlocks.Width), new(new(x, input.Length), new(y, output.Length), axis, inner));
        }
    }

    private static void CheckShape(int input, string outputName, int output, int outer, int axis, int inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outer);
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        Check.Length("the reduced array", input, (long)outer * axis * inner);
        Check.Length(outputName, output, (long)outer * inner);
    }
}
