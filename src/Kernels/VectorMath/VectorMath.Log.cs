using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal static partial class VectorMath
{
    /// <summary>ln x: −∞ at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V, S, T>(V x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Subnormal numbers are scaled up first, because their exponent field is empty.
        V subnormal = S.Less(x, Constant<V, S, T>(1.17549435e-38, 2.2250738585072014e-308));
        V scaled = S.Select(subnormal, S.Multiply(x, Constant<V, S, T>(1L << 24, 1L << 54)), x);
        V m = S.SplitExponent(scaled, out V e);
        e = S.Subtract(e, S.Select(subnormal, Constant<V, S, T>(24, 54), S.Zero));

        // x = 2ᵉ m with √½ < m ≤ √2, f = m − 1
        V large = S.Less(Fill<V, S, T>(1.4142135623730951), m);
        m = S.Select(large, S.Multiply(m, Fill<V, S, T>(0.5)), m);
        e = S.Add(e, S.Select(large, Fill<V, S, T>(1), S.Zero));
        V f = S.Subtract(m, Fill<V, S, T>(1));

        // With s = f / (2 + f), z = s²: ln(1 + f) = 2s + s z P(z), written as f − (f²/2 − s (f²/2 + z P(z))),
        // where the leading term is exact.
        V s = S.Divide(f, S.Add(Fill<V, S, T>(2), f));
        V z = S.Multiply(s, s);
        V p;
        if (typeof(T) == typeof(float))
        {
            p = Fill<V, S, T>(0.29872674636395335);
            p = Horner<V, S, T>(p, z, 0.3997749887651745);
            p = Horner<V, S, T>(p, z, 0.6666677683562932);
        }
        else
        {
            p = Fill<V, S, T>(0.14796119948572214);
            p = Horner<V, S, T>(p, z, 0.15314032150704018);
            p = Horner<V, S, T>(p, z, 0.18183565114080008);
            p = Horner<V, S, T>(p, z, 0.22222198556280928);
            p = Horner<V, S, T>(p, z, 0.28571428742575916);
            p = Horner<V, S, T>(p, z, 0.3999999999941367);
            p = Horner<V, S, T>(p, z, 0.6666666666666735);
        }
        V halfSquare = S.Multiply(S.Multiply(Fill<V, S, T>(0.5), f), f);
        V correction = S.MultiplyAdd(s, S.MultiplyAdd(z, p, halfSquare), S.Multiply(e, Constant<V, S, T>(Ln2LowSingle, Ln2LowDouble)));
        V result = S.MultiplyAdd(e, Constant<V, S, T>(Ln2HighSingle, Ln2HighDouble), S.Subtract(f, S.Subtract(halfSquare, correction)));

        // +∞ and NaN are their own logarithms.
        result = S.Select(S.Less(x, Fill<V, S, T>(double.PositiveInfinity)), result, x);
        result = S.Select(S.Less(x, S.Zero), Fill<V, S, T>(double.NaN), result);
        return S.Select(S.Equal(x, S.Zero), Fill<V, S, T>(double.NegativeInfinity), result);
    }
}
