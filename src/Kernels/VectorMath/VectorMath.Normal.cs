using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal static partial class VectorMath
{
    // s = 1 / (1 + slope · t) maps t = 0 … ∞ to 1 … 0, where the tail of the normal distribution is nearly a polynomial
    // (Zelen and Severo 1964, formula 26.2.17, has the idea and five terms).
    private const double NormalTailSlope = 0.35;

    /// <summary>
    /// Φ(x) = ½ (1 + erf(x/√2)) and φ(x) = exp(−x²/2) / √(2π). In single precision from one exponential: with t = |x|,
    /// Φ(−t) = exp(−t²/2) s P(s), and Φ(t) = 1 − Φ(−t). So Φ keeps its digits far below 0 as well.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NormalDistribution<V, S, T>(V x, out V density)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V densityAtZero = Fill<V, S, T>(ScalarMath.NormalDensityAtZero);
        if (typeof(T) != typeof(float))
        {
            V half = Fill<V, S, T>(0.5);
            density = S.Multiply(densityAtZero, Exp<V, S, T>(S.Multiply(S.Multiply(Fill<V, S, T>(-0.5), x), x)));
            return S.MultiplyAdd(half, Erf<V, S, T>(S.Multiply(x, Fill<V, S, T>(0.70710678118654752440))), half);
        }

        // At this bound exp(−t²/2) is 0; a NaN stays one.
        V minusT = S.MaxOfNumbers(Fill<V, S, T>(-14.5), S.Negate(S.Abs(x)));
        V one = Fill<V, S, T>(1);
        V s = S.Divide(one, S.MultiplyAdd(Fill<V, S, T>(-NormalTailSlope), minusT, one));
        V e = ExpInRange<V, S, T>(S.Multiply(S.Multiply(Fill<V, S, T>(-0.5), minusT), minusT));
        V tail = S.Multiply(S.Multiply(s, NormalTail<V, S, T>(s)), e);
        density = S.Multiply(densityAtZero, e);
        return S.Select(S.Less(x, S.Zero), tail, S.Subtract(one, tail));
    }

    /// <summary>Φ(x) alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NormalDistribution<V, S, T>(V x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        NormalDistribution<V, S, T>(x, out _);

    /// <summary>P(s) = Φ(−t) exp(t²/2) / s for single precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V NormalTail<V, S, T>(V s)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V p = Fill<V, S, T>(-0.029126975752119224);
        p = Horner<V, S, T>(p, s, 0.14387700677777174);
        p = Horner<V, S, T>(p, s, -0.255513119250274);
        p = Horner<V, S, T>(p, s, 0.1589376066064047);
        p = Horner<V, S, T>(p, s, -0.02294190537070127);
        p = Horner<V, S, T>(p, s, 0.10543457572242734);
        p = Horner<V, S, T>(p, s, 0.11985211108685424);
        p = Horner<V, S, T>(p, s, 0.13985911572439788);
        p = Horner<V, S, T>(p, s, 0.1396215685483139);
        return p;
    }
}
