using System.Numerics;

namespace Transformer.Kernels;

/// <summary>Functions of one element that <c>System.Math</c> lacks, for the plain references: the formula first, speed last.</summary>
internal static class ScalarMath
{
    /// <summary>√(2/π), the slope of GELU's tanh form.</summary>
    public const double GeluSlope = 0.79788456080286535588;

    /// <summary>The factor of x³ in GELU's tanh form.</summary>
    public const double GeluCubic = 0.044715;

    /// <summary>Of an x whose sigmoid(2u) is 0 or 1 to the last bit of a double: a larger x² need not enter the derivative, and must not overflow in it.</summary>
    public const double GeluLargestSquare = 1000;

    /// <summary>1/√(2π).</summary>
    public const double NormalDensityAtZero = 0.39894228040143267794;

    public static T Sigmoid<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // exp of a negative number alone: it cannot overflow, and small results keep their digits.
        T e = T.Exp(-T.Abs(x));
        return (x < T.Zero ? e : T.One) / (T.One + e);
    }

    /// <summary>erf x = 2/√π exp(−x²) Σₙ 2ⁿ x²ⁿ⁺¹ / (1·3·5 ⋯ (2n+1)): every term has the sign of x, so nothing cancels.
    /// Good to some 1e-14: each term inherits the roundings of those before it.</summary>
    public static T Erf<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double argument = double.CreateTruncating(x);
        if (double.IsNaN(argument))
            return x;
        if (Math.Abs(argument) > 6)
            return T.CopySign(T.One, x);

        double term = argument;
        double sum = argument;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * argument * argument / ((2 * n) + 1);
            sum += term;
        }
        return T.CreateTruncating(2 / Math.Sqrt(Math.PI) * Math.Exp(-argument * argument) * sum);
    }

    /// <summary>Φ(x) = ½ (1 + erf(x/√2)).</summary>
    public static T NormalDistribution<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.CreateTruncating(0.5) * (T.One + Erf(x * T.CreateTruncating(Math.Sqrt(0.5))));

    /// <summary>φ(x) = exp(−x²/2) / √(2π).</summary>
    public static T NormalDensity<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.CreateTruncating(NormalDensityAtZero) * T.Exp(T.CreateTruncating(-0.5) * x * x);

    /// <summary>2u = 2 √(2/π) (x + 0.044715 x³), so that ½ (1 + tanh u) = sigmoid(2u).</summary>
    public static T GeluTanhArgument<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.CreateTruncating(2 * GeluSlope) * x * (T.One + (T.CreateTruncating(GeluCubic) * x * x));

    /// <summary>d(2u)/dx = 2 √(2/π) (1 + 3 · 0.044715 x²).</summary>
    public static T GeluTanhArgumentDerivative<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.CreateTruncating(2 * GeluSlope) * (T.One + (T.CreateTruncating(3 * GeluCubic) * T.Min(x * x, T.CreateTruncating(GeluLargestSquare))));
}
