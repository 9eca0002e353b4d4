using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal static partial class VectorMath
{
    /// <summary>erf x = x + x P(x²) up to |x| = 1, ±(1 − exp(P(|x|))) beyond, until it rounds to ±1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V, S, T>(V x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V magnitude = S.Abs(x);
        V reach = Constant<V, S, T>(4, 6);
        V bounded = S.Select(S.Less(reach, magnitude), reach, magnitude);
        V complement = ExpInRange<V, S, T>(LogOfErfc<V, S, T>(bounded));
        V tail = CopySign<V, S, T>(S.Subtract(Fill<V, S, T>(1), complement), x);
        V center = S.MultiplyAdd(x, ErfSlopeMinusOne<V, S, T>(S.Multiply(x, x)), x);
        return S.Select(S.Less(magnitude, Fill<V, S, T>(1)), center, tail);
    }

    /// <summary>erf x / x − 1, a polynomial in t = x² ≤ 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfSlopeMinusOne<V, S, T>(V t)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V p;
        if (typeof(T) == typeof(float))
        {
            p = Fill<V, S, T>(7.852516118450701e-05);
            p = Horner<V, S, T>(p, t, -0.0008009779712243503);
            p = Horner<V, S, T>(p, t, 0.005188279817863635);
            p = Horner<V, S, T>(p, t, -0.026853786359647927);
            p = Horner<V, S, T>(p, t, 0.1128358452955644);
            p = Horner<V, S, T>(p, t, -0.37612625769353253);
            p = Horner<V, S, T>(p, t, 0.12837916571883415);
        }
        else
        {
            p = Fill<V, S, T>(-7.779292522832174e-10);
            p = Horner<V, S, T>(p, t, 1.3710883042540179e-08);
            p = Horner<V, S, T>(p, t, -1.6206290484072754e-07);
            p = Horner<V, S, T>(p, t, 1.644712842454557e-06);
            p = Horner<V, S, T>(p, t, -1.4924712037595365e-05);
            p = Horner<V, S, T>(p, t, 0.00012055293562611534);
            p = Horner<V, S, T>(p, t, -0.0008548325928817795);
            p = Horner<V, S, T>(p, t, 0.005223977606107681);
            p = Horner<V, S, T>(p, t, -0.02686617064311009);
            p = Horner<V, S, T>(p, t, 0.11283791670944175);
            p = Horner<V, S, T>(p, t, -0.3761263890318352);
            p = Horner<V, S, T>(p, t, 0.12837916709551256);
        }
        return p;
    }

    /// <summary>ln(1 − erf x) for 1 ≤ x ≤ 4 (double: 6), as exact as the error function needs it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfErfc<V, S, T>(V x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V p;
        if (typeof(T) == typeof(float))
        {
            p = Fill<V, S, T>(0.00018647153474973742);
            p = Horner<V, S, T>(p, x, -0.0029485683216063686);
            p = Horner<V, S, T>(p, x, 0.021841720789925002);
            p = Horner<V, S, T>(p, x, -0.10311442151346237);
            p = Horner<V, S, T>(p, x, -0.6381359885276592);
            p = Horner<V, S, T>(p, x, -1.1270945127663297);
            p = Horner<V, S, T>(p, x, -0.00034021691309479087);
        }
        else
        {
            p = Fill<V, S, T>(-4.879495997458837e-12);
            p = Horner<V, S, T>(p, x, 2.0260437545013137e-10);
            p = Horner<V, S, T>(p, x, -3.9004887407769615e-09);
            p = Horner<V, S, T>(p, x, 4.605180159666064e-08);
            p = Horner<V, S, T>(p, x, -3.704916158950847e-07);
            p = Horner<V, S, T>(p, x, 2.1200947625338375e-06);
            p = Horner<V, S, T>(p, x, -8.601722908275546e-06);
            p = Horner<V, S, T>(p, x, 2.260981349915213e-05);
            p = Horner<V, S, T>(p, x, -1.9725041331482397e-05);
            p = Horner<V, S, T>(p, x, -0.00013613732373555975);
            p = Horner<V, S, T>(p, x, 0.0007723625136658208);
            p = Horner<V, S, T>(p, x, -0.0019180749591697728);
            p = Horner<V, S, T>(p, x, 0.0004126743676401738);
            p = Horner<V, S, T>(p, x, 0.018988689136458823);
            p = Horner<V, S, T>(p, x, -0.10270264530140204);
            p = Horner<V, S, T>(p, x, -0.6366439203645609);
            p = Horner<V, S, T>(p, x, -1.1283740231700132);
            p = Horner<V, S, T>(p, x, -5.098335752999876e-07);
        }
        return p;
    }
}
