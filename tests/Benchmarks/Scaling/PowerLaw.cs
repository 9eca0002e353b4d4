namespace Benchmarks.Scaling;

/// <summary>y = factor · x^exponent: a straight line where both axes are logarithmic.</summary>
internal readonly record struct PowerLaw(double Factor, double Exponent)
{
    /// <summary>The line of least squares through (ln x, ln y).</summary>
    /// <exception cref="ArgumentException">There are fewer than two different x, or a number is not positive.</exception>
    public static PowerLaw Fit(IReadOnlyCollection<(double X, double Y)> points)
    {
        if (points.Any(point => !(point.X > 0 && point.Y > 0)))
            throw new ArgumentException("PowerLaw: every number is above 0.", nameof(points));
        double meanX = points.Average(point => Math.Log(point.X));
        double meanY = points.Average(point => Math.Log(point.Y));
        double covariance = points.Sum(point => (Math.Log(point.X) - meanX) * (Math.Log(point.Y) - meanY));
        double variance = points.Sum(point => Math.Pow(Math.Log(point.X) - meanX, 2));
        if (variance == 0)
            throw new ArgumentException("PowerLaw: a line takes two different x.", nameof(points));
        double exponent = covariance / variance;
        return new PowerLaw(Math.Exp(meanY - (exponent * meanX)), exponent);
    }
}
