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
        if (Execution.Plain)
        {
            ReductionPlain.Max(input, output, axis, inner);
            return;
        }
        fixed (T* x = input, y = output)
        {
            if (inner == 1)
                Ranges.Run<T, RowMaxKernel<T>>(outer, axis, new(new(x, input.Length), new(y, output.Length), axis));
            else
                RunColumns<T, ColumnMaxKernel<T>>(outer, axis, inner, new(new(x, input.Length), new(y, output.Length), axis, inner));
        }
    }

    /// <summary>mean as in <see cref="Mean"/>, and y[o, i] = Σₐ (x[o, a, i] − mean)² / (axis − correction), in two passes; the divisor is 0 at least.</summary>
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
        T divisor = T.CreateTruncating(Math.Max(axis - correction, 0));
        if (Execution.Plain)
        {
            ReductionPlain.Variance(input, mean, output, axis, inner, divisor);
            return;
        }
        fixed (T* x = input, m = mean, y = output)
        {
            if (inner == 1)
                Ranges.Run<T, RowVarianceKernel<T>>(outer, axis, new(new(x, input.Length), new(m, mean.Length), new(y, output.Length), axis, divisor));
            else
                RunColumns<T, ColumnVarianceKernel<T>>(outer, axis, inner, new(new(x, input.Length), new(m, mean.Length), new(y, output.Length), axis, inner, divisor));
        }
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
        if (Execution.Plain)
        {
            ReductionPlain.MaxGradient(input, output, outputGradient, inputGradient, axis, inner);
            return;
        }
        fixed (T* x = input, y = output, dy = outputGradient, dx = inputGradient)
        {
            if (inner == 1)
            {
                Ranges.Run<T, RowMaxGradientKernel<T>>(
                    outer, axis, new(new(x, input.Length), new(y, output.Length), new(dy, output.Length), new(dx, input.Length), axis));
            }
            else
            {
                RunColumns<T, ColumnMaxGradientKernel<T>>(
                    outer, axis, inner, new(new(x, input.Length), new(y, output.Length), new(dy, output.Length), new(dx, input.Length), axis, inner));
            }
        }
    }

    /// <summary>∂L/∂x[o, a, i] = ∂L/∂y[o, i] · 2 (x[o, a, i] − mean[o, i]) / (axis − correction).</summary>
    public static void VarianceGradient<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> mean, ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient, int outer, int axis, int inner, int correction)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckShape(input.Length, nameof(mean), mean.Length, outer, axis, inner);
        Check.Length(nameof(outputGradient), outputGradient.Length, mean.Length);
        Check.Length(nameof(inputGradient), inputGradient.Length, input.Length);
        T divisor = T.CreateTruncating(Math.Max(axis - correction, 0));
        if (Execution.Plain)
        {
            ReductionPlain.VarianceGradient(input, mean, outputGradient, inputGradient, axis, inner, divisor);
            return;
        }
        T factor = T.CreateTruncating(2) / divisor;
        fixed (T* x = input, m = mean, dy = outputGradient, dx = inputGradient)
        {
            if (inner == 1)
            {
                Ranges.Run<T, RowVarianceGradientKernel<T>>(
                    outer, axis, new(new(x, input.Length), new(m, mean.Length), new(dy, mean.Length), new(dx, input.Length), axis, factor));
            }
            else
            {
                RunColumns<T, ColumnVarianceGradientKernel<T>>(
                    outer, axis, inner, new(new(x, input.Length), new(m, mean.Length), new(dy, mean.Length), new(dx, input.Length), axis, inner, factor));
            }
        }
    }

    internal static void SumVectors<T>(ReadOnlySpan<T> input, Span<T> output, int outer, int axis, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* x = input, y = output)
        {
            if (inner == 1)
                Ranges.Run<T, RowSumKernel<T>>(outer, axis, new(new(x, input.Length), new(y, output.Length), axis));
            else
                RunColumns<T, ColumnSumKernel<T>>(outer, axis, inner, new(new(x, input.Length), new(y, output.Length), axis, inner));
        }
    }

    // An item is one block of columns of one o.
    private static void RunColumns<T, K>(int outer, int axis, int inner, K kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where K : struct, IRangeKernel<T> =>
        Ranges.Run<T, K>(outer * ColumnBlocks.Count(inner), (long)axis * Math.Min(inner, ColumnBlocks.Width), kernel);

    private static void CheckShape(int input, string outputName, int output, int outer, int axis, int inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outer);
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        Check.Length("the reduced array", input, (long)outer * axis * inner);
        Check.Length(outputName, output, (long)outer * inner);
    }
}
