using System.Globalization;

namespace Transformer.Autograd.Debugging;

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
        if (!Passed && LargestGradient < 1e-9)
            head += " No gradient is above 1e-9: if all of them are truly 0, look at LargestGradient instead.";
        return string.Join(Environment.NewLine, lines.Prepend(head));
    }

    private string IndexText(ElementGradient element) => ElementText.Index(leaves[element.Leaf].Shape, element.Position);
}

/// <summary>A gradient check failed; the message says where and by how much.</summary>
/// <param name="message">The report.</param>
public sealed class GradientCheckException(string message) : Exception(message);
