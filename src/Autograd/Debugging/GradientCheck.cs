using Transformer.Kernels;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// Compares the gradients of a backward pass with central differences, element by element, in double precision:
/// <code>
/// Tensor x = Tensor.From([0.5, -1.5], dtype: DType.Float64).AsLeaf();
/// GradientCheck.Run(() => new Cube(x).Apply(), x).ThrowIfFailed();
/// </code>
/// The function may return a tensor of any shape: what is checked is L = Σᵢ wᵢ yᵢ with fixed weights w. Keep away from
/// kinks (ReLU at 0, equal largest elements), where there is no derivative to compare with, and hold the key of a
/// dropout, so that each evaluation draws the same mask.
/// </summary>
public static class GradientCheck
{
    /// <summary>The relative error up to which a check passes unless told otherwise.</summary>
    public const double DefaultTolerance = 1e-6;

    // Differences over h and h/2, combined so that the error is of order h⁴. About 1e-16/h of an output is lost to rounding,
    // which decides for leaves that reach the output through several layers: h is as large as the series allows.
    private const double StepSize = 3e-4;

    /// <summary>Checks ∂L/∂leaf for each leaf.</summary>
    /// <param name="function">Computes y from the leaves, the same way each time.</param>
    /// <param name="leaves">Float64 tensors that require a gradient; their gradients are reset, their values come back unchanged.</param>
    /// <returns>Each element's two gradients; the check passes where
    /// |analytic − numeric| ≤ tolerance · max(|analytic|, |numeric|, 0.01 · the leaf's largest gradient). Where the true
    /// gradient is 0 everywhere (softmax over one element) nothing but rounding is left to compare: assert a small
    /// <see cref="GradientReport.LargestGradient"/> there.</returns>
    /// <exception cref="ArgumentException">There is no leaf, or one is computed, not Float64 or requires no gradient.</exception>
    public static GradientReport Run(Func<Tensor> function, params ReadOnlySpan<Tensor> leaves) =>
        Run(function, DefaultTolerance, leaves);

    /// <inheritdoc cref="Run(Func{Tensor}, ReadOnlySpan{Tensor})"/>
    /// <param name="function">Computes y from the leaves, the same way each time.</param>
    /// <param name="tolerance">The relative error up to which the check passes.</param>
    /// <param name="leaves">Float64 tensors that require a gradient.</param>
    public static GradientReport Run(Func<Tensor> function, double tolerance, params ReadOnlySpan<Tensor> leaves)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (leaves.IsEmpty)
            throw new ArgumentException("GradientCheck: name the leaves whose gradients are to be checked.");
        foreach (Tensor leaf in leaves)
        {
            if (leaf.DType != DType.Float64 || !leaf.RequiresGradient || leaf.Producer is not null)
            {
                throw new ArgumentException(
                    $"GradientCheck: {leaf} is to be a Float64 leaf that requires a gradient; single precision is too coarse to judge.");
            }

            leaf.ZeroGradient();
        }

        double[] weights = Analytic(function);
        List<ElementGradient> elements = [];
        for (int i = 0; i < leaves.Length; i++)
        {
            double[] analytic = leaves[i].Gradient?.ToDoubles() ?? new double[leaves[i].Count];
            for (int position = 0; position < analytic.Length; position++)
                elements.Add(new(i, position, analytic[position], Numeric(function, leaves[i], position, weights)));
        }

        return new GradientReport(elements, leaves.ToArray(), tolerance);
    }

    // Fills the leaves' gradients; memory that an operation leaves unwritten shows up as NaN.
    private static double[] Analytic(Func<Tensor> function)
    {
        bool before = Poison.IsOn;
        Poison.IsOn = true;
        try
        {
            Tensor y = function();
            double[] weights = Weights(y.Count);
            y.Backward(Tensor.From(weights, y.Shape, DType.Float64));
            return weights;
        }
        finally
        {
            Poison.IsOn = before;
        }
    }

    // Weights of both signs and various sizes, none near 0: ±0.5 … ±1.5. Random, for those of a regular sequence can cancel
    // in the sum over a broadcast axis, and the gradient that is to be checked would be rounding alone.
    private static double[] Weights(int count)
    {
        double[] weights = new double[count];
        for (int i = 0; i < count; i++)
        {
            double uniform = Philox.UniformAt<double>(default, i);
            weights[i] = uniform < 0.5 ? -0.5 - (2 * uniform) : (2 * uniform) - 0.5;
        }

        return weights;
    }

    private static double Numeric(Func<Tensor> function, Tensor leaf, int position, double[] weights)
    {
        double h = StepSize * Math.Max(1, Math.Abs(leaf.ValueAt(position)));
        double wide = CentralDifference(function, leaf, position, h, weights);
        double narrow = CentralDifference(function, leaf, position, h / 2, weights);
        return ((4 * narrow) - wide) / 3;
    }

    // Σᵢ wᵢ (yᵢ(x + h) − yᵢ(x − h)) / 2h: each output is differenced on its own, for sums would round first.
    private static double CentralDifference(Func<Tensor> function, Tensor leaf, int position, double h, double[] weights)
    {
        double x = leaf.ValueAt(position);
        double[] above;
        double[] below;
        try
        {
            above = Evaluate(function, leaf, position, x + h);
            below = Evaluate(function, leaf, position, x - h);
        }
        finally
        {
            leaf.Edit<double>(values => values[position] = x);
        }

        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
            sum += weights[i] * (above[i] - below[i]);
        return sum / ((x + h) - (x - h));
    }

    private static double[] Evaluate(Func<Tensor> function, Tensor leaf, int position, double value)
    {
        leaf.Edit<double>(values => values[position] = value);
        using NoGradient scope = new();
        return function().ToDoubles();
    }
}
