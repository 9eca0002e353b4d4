namespace Transformer.Autograd.Debugging;

/// <summary>
/// The slope of a weighted sum of outputs along one variable, from differences in double precision over a range of steps.
/// Each output is differenced on its own before weighting and summing, for sums would round first.
/// </summary>
internal sealed class SlopeCurve
{
    // 2⁻⁵², the spacing of doubles at 1.
    private const double UnitRoundoff = 2.220446049250313e-16;

    /// <summary>Steps from 1e-1 to 1e-8, two a decade: the large ones for smooth functions, the small ones near a kink.</summary>
    public static IReadOnlyList<double> AllSteps { get; } = [.. Enumerable.Range(2, 15).Select(i => Math.Pow(10, -i / 2.0))];

    /// <summary>Three steps that do for one smooth operation.</summary>
    public static IReadOnlyList<double> FewSteps { get; } = [1e-2, 3e-3, 1e-3];

    private SlopeCurve(double[] steps, double[] central, double[] left, double[] right, double[] rounding)
    {
        Steps = steps;
        Central = central;
        (Difference, Error) = Extrapolation.ToZero(steps, central, rounding, power: 2);
        (LeftSlope, double leftError) = Extrapolation.ToZero(steps, left, rounding, power: 1);
        (RightSlope, double rightError) = Extrapolation.ToZero(steps, right, rounding, power: 1);
        OneSidedError = leftError + rightError;
        Rounding = 16 * rounding.Min();
    }

    /// <summary>The step sizes used, largest first.</summary>
    public double[] Steps { get; }

    /// <summary>The central difference for each.</summary>
    public double[] Central { get; }

    /// <summary>The central difference at steps toward 0.</summary>
    public double Difference { get; }

    /// <summary>How far <see cref="Difference"/> may be off.</summary>
    public double Error { get; }

    /// <summary>Slope to the left.</summary>
    public double LeftSlope { get; }

    /// <summary>Slope to the right.</summary>
    public double RightSlope { get; }

    /// <summary>How far the two may be off together.</summary>
    public double OneSidedError { get; }

    /// <summary>What rounding alone can make of a slope of 0 at the largest step, with room for that of the operations in between.</summary>
    public double Rounding { get; }

    /// <summary>Σ |weight · slope| over the outputs at the smallest step: the size of the terms that make up the slope.</summary>
    public double TermSize { get; private init; }

    /// <summary>Differences a function around a point.</summary>
    /// <param name="outputs">The outputs at a value of the variable.</param>
    /// <param name="weights">Weight of each output.</param>
    /// <param name="x">The point.</param>
    /// <param name="steps">Step sizes, largest first, in units of max(1, |x|).</param>
    public static SlopeCurve Of(Func<double, double[]> outputs, double[] weights, double x, IReadOnlyList<double> steps)
    {
        int count = steps.Count;
        double[] sizes = new double[count];
        (double[] central, double[] left, double[] right, double[] rounding) =
            (new double[count], new double[count], new double[count], new double[count]);
        double[] at = outputs(x);
        double magnitude = 0;
        for (int i = 0; i < at.Length; i++)
            magnitude += double.IsFinite(at[i]) ? Math.Abs(weights[i] * at[i]) : 0;
        double termSize = 0;
        for (int k = 0; k < count; k++)
        {
            sizes[k] = steps[k] * Math.Max(1, Math.Abs(x));
            // The steps that are really taken, after rounding.
            double above = x + sizes[k];
            double below = x - sizes[k];
            double[] higher = outputs(above);
            double[] lower = outputs(below);
            central[k] = Weighted(weights, higher, lower) / (above - below);
            right[k] = Weighted(weights, higher, at) / (above - x);
            left[k] = Weighted(weights, at, lower) / (x - below);
            rounding[k] = magnitude * UnitRoundoff / sizes[k];
            termSize = TermsOf(weights, higher, lower) / (above - below);
        }

        return new SlopeCurve(sizes, central, left, right, rounding) { TermSize = termSize };
    }

    /// <summary>
    /// True where the one-sided slopes differ by more than a millionth of the scale and by more than they may be off.
    /// Curvature brings them together as the step goes to 0, a kink does not.
    /// </summary>
    public bool HasKink(double scale)
    {
        double jump = Math.Abs(RightSlope - LeftSlope);
        double size = Math.Max(scale, Math.Max(Math.Abs(LeftSlope), Math.Abs(RightSlope)));
        return jump > 1e-6 * size && jump > 10 * OneSidedError;
    }

    /// <summary>True for a number between the one-sided slopes: at a kink each of them is as good a derivative as another.</summary>
    public bool IsBetweenSlopes(double slope)
    {
        double slack = 1e-6 * Math.Max(Math.Abs(LeftSlope), Math.Abs(RightSlope));
        return slope >= Math.Min(LeftSlope, RightSlope) - slack && slope <= Math.Max(LeftSlope, RightSlope) + slack;
    }

    private static double TermsOf(double[] weights, double[] from, double[] subtracted)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
            sum += from[i] == subtracted[i] ? 0 : Math.Abs(weights[i] * (from[i] - subtracted[i]));
        return sum;
    }

    private static double Weighted(double[] weights, double[] from, double[] subtracted)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            // A masked score stays −∞, and has no share.
            if (from[i] != subtracted[i])
                sum += weights[i] * (from[i] - subtracted[i]);
        }

        return sum;
    }
}
