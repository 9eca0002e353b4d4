namespace Transformer.Autograd.Debugging;

/// <summary>The normal distribution to double precision by textbook series, for comparison with the kernels' polynomials.</summary>
internal static class Normal
{
    /// <summary>φ(x) = exp(−x²/2) / √2π.</summary>
    public static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>Φ(x) = ½ (1 + erf(x / √2)), to full relative accuracy on either side.</summary>
    public static double Distribution(double x) =>
        double.IsNaN(x) ? x
        : x < -3 ? UpperTail(-x)
        : x > 3 ? 1 - UpperTail(x)
        : 0.5 + (Density(x) * Series(x));

    /// <summary>erf(x) = 2 Φ(√2 x) − 1, to full relative accuracy near 0 too.</summary>
    public static double Erf(double x)
    {
        double z = Math.Sqrt(2) * x;
        return double.IsNaN(z) ? z
            : Math.Abs(z) <= 3 ? 2 * Density(z) * Series(z)
            : Math.Sign(z) * (1 - (2 * UpperTail(Math.Abs(z))));
    }

    // Φ(x) − ½ = φ(x) (x + x³/3 + x⁵/(3·5) + x⁷/(3·5·7) + …) (Abramowitz and Stegun 1964, 26.2.11)
    private static double Series(double x)
    {
        double sum = 0;
        double term = x;
        for (int n = 1; Math.Abs(term) > 1e-18; n += 2)
        {
            sum += term;
            term *= x * x / (n + 2);
        }

        return sum;
    }

    // 1 − Φ(x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))) (Abramowitz and Stegun 1964, 26.2.14)
    private static double UpperTail(double x)
    {
        double rest = x;
        for (int n = 200; n > 0; n--)
            rest = x + (n / rest);
        return Density(x) / rest;
    }
}
