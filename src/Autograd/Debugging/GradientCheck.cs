using System.Globalization;
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
    /// |analytic − numeric| ≤ tolerance · max(|analytic|, |numeric|, 0.01 · the leaf's largest gradient).</returns>
    /// <exception cref="ArgumentException">There is no leaf, or one is not Float64 or requires no gradient.</exception>
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
            if (leaf.DType != DType.Float64 || !leaf.RequiresGradient)
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

/// <summary>One element's gradient, computed both ways.</summary>
/// <param name="Leaf">Which of the leaves, from 0.</param>
/// <param name="Position">Row-major position in it.</param>
/// <param name="Analytic">From the backward pass.</param>
/// <param name="Numeric">From central differences.</param>
public readonly record struct ElementGradient(int Leaf, int Position, double Analytic, double Numeric);

/// <summary>What <see cref="GradientCheck"/> found.</summary>
public sealed class GradientReport
{
    private readonly IReadOnlyList<Tensor> leaves;
    private readonly double[] scales;

    internal GradientReport(IReadOnlyList<ElementGradient> elements, IReadOnlyList<Tensor> leaves, double tolerance)
    {
        Elements = elements;
        Tolerance = tolerance;
        this.leaves = leaves;
        scales = new double[leaves.Count];
        foreach (ElementGradient e in elements)
        {
            // NaN stays where it is: it must neither vanish in a maximum nor spread to the leaf's other elements.
            scales[e.Leaf] = MaxNumber(scales[e.Leaf], MaxNumber(e.Analytic, e.Numeric));
            LargestGradient = Math.Max(LargestGradient, Math.Max(Math.Abs(e.Analytic), Math.Abs(e.Numeric)));
        }

        foreach (ElementGradient e in elements)
        {
            double error = ErrorOf(e);
            if (error > WorstError || (double.IsNaN(error) && !double.IsNaN(WorstError)))
            {
                Worst = e;
                WorstError = error;
            }
        }

        static double MaxNumber(double a, double b) => Math.Max(Finite(a), Finite(b));
        static double Finite(double x) => double.IsFinite(x) ? Math.Abs(x) : 0;
    }

    /// <summary>All elements of all leaves.</summary>
    public IReadOnlyList<ElementGradient> Elements { get; }

    /// <summary>The relative error that was allowed.</summary>
    public double Tolerance { get; }

    /// <summary>The element with the largest relative error; null where no error is above 0.</summary>
    public ElementGradient? Worst { get; private set; }

    /// <summary>The largest relative error; NaN where a gradient is NaN.</summary>
    public double WorstError { get; private set; }

    /// <summary>The largest absolute gradient or difference, of all leaves (NaN where one is NaN): for cases whose true gradient is 0.</summary>
    public double LargestGradient { get; }

    /// <summary>True where every element agrees within the tolerance.</summary>
    public bool Passed => WorstError <= Tolerance;

    /// <summary>Relative error of one element: |analytic − numeric| / max(|analytic|, |numeric|, 0.01 · largest gradient of the leaf).</summary>
    public double ErrorOf(ElementGradient element)
    {
        double difference = Math.Abs(element.Analytic - element.Numeric);
        double scale = Math.Max(Math.Abs(element.Analytic), Math.Max(Math.Abs(element.Numeric), 0.01 * scales[element.Leaf]));
        return difference == 0 ? 0 : difference / scale;
    }

    /// <summary>Throws with <see cref="ToString"/> as message where the check failed.</summary>
    /// <exception cref="GradientCheckException">An element disagrees.</exception>
    public void ThrowIfFailed()
    {
        if (!Passed)
            throw new GradientCheckException(ToString());
    }

    /// <summary>The verdict and, worst first, where and by how much the two gradients differ.</summary>
    public override string ToString()
    {
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"Gradient check {(Passed ? "passed" : "FAILED")}: {Elements.Count} elements, worst relative error {WorstError:E2} (allowed {Tolerance:E0}).");
        IEnumerable<string> lines = Elements
            .Where(e => !(ErrorOf(e) <= Tolerance))
            .OrderByDescending(e => double.IsNaN(ErrorOf(e)) ? double.PositiveInfinity : ErrorOf(e))
            .Take(8)
            .Select(e => string.Create(
                CultureInfo.InvariantCulture,
                $"  leaf {e.Leaf}{leaves[e.Leaf].Shape}, element {IndexText(e)}: backward {e.Analytic:G9}, difference {e.Numeric:G9}, relative error {ErrorOf(e):E2}"));
        return string.Join(Environment.NewLine, lines.Prepend(head));
    }

    private string IndexText(ElementGradient element)
    {
        Shape shape = leaves[element.Leaf].Shape;
        int[] index = new int[shape.Rank];
        int rest = element.Position;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }

        return $"[{string.Join(", ", index)}]";
    }
}

/// <summary>A gradient check failed; the message says where and by how much.</summary>
/// <param name="message">The report.</param>
public sealed class GradientCheckException(string message) : Exception(message);
