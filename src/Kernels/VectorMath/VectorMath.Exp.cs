using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Elementary functions of vectors, each within 3 units in the last place of float and double (the tests say how close; Φ in double within 1e-16), right for NaN, ±∞, ±0,
/// overflow and underflow. The coefficients come from <c>fit_polynomials.py</c> beside this file.
/// </summary>
internal static partial class VectorMath
{
    // ln 2 in two parts; the upper one has so many zeros at its end that its product with an exponent is exact.
    private const double Ln2HighSingle = 0.693359375;
    private const double Ln2LowSingle = -2.12194440054690583e-4;
    private const double Ln2HighDouble = 6.93147180369123816490e-01;
    private const double Ln2LowDouble = 1.90821492927058770002e-10;
    private const double Log2OfE = 1.44269504088896340736;

    /// <summary>exp x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V, S, T>(V x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Beyond these the result is 0 or ∞ anyway; NaN passes both comparisons.
        V lowest = Constant<V, S, T>(-104, -746);
        V highest = Constant<V, S, T>(89, 710);
        x = S.Select(S.Less(x, lowest), lowest, x);
        x = S.Select(S.Less(highest, x), highest, x);
        return ExpInRange<V, S, T>(x);
    }

    /// <summary>exp x for x ≤ 0 or NaN, the argument of a softmax whose maximum is subtracted: only the lower bound is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpOfNegative<V, S, T>(V x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ExpInRange<V, S, T>(S.MaxOfNumbers(Constant<V, S, T>(-104, -746), x));

    /// <summary>exp x for x between −104 and 89 (double: −746 and 710), or NaN: x = n ln 2 + r, exp x = 2ⁿ (1 + (exp r − 1)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpInRange<V, S, T>(V x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V n = S.Round(S.Multiply(x, Fill<V, S, T>(Log2OfE)));
        V r = ReduceByLn2<V, S, T>(x, n);
        return S.ScaleByPowerOfTwo(S.Add(Fill<V, S, T>(1), ExpMinusOneNearZero<V, S, T>(r)), n);
    }

    /// <summary>x − n ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReduceByLn2<V, S, T>(V x, V n)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V r = S.MultiplyAdd(n, Constant<V, S, T>(-Ln2HighSingle, -Ln2HighDouble), x);
        return S.MultiplyAdd(n, Constant<V, S, T>(-Ln2LowSingle, -Ln2LowDouble), r);
    }

    /// <summary>exp r − 1 = r + r² P(r) for |r| ≤ ½ ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpMinusOneNearZero<V, S, T>(V r)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V p;
        if (typeof(T) == typeof(float))
        {
            p = Fill<V, S, T>(0.001381440930951374);
            p = Horner<V, S, T>(p, r, 0.00836872742686948);
            p = Horner<V, S, T>(p, r, 0.04166839157998857);
            p = Horner<V, S, T>(p, r, 0.1666652050066582);
            p = Horner<V, S, T>(p, r, 0.4999999343107491);
        }
        else
        {
            p = Fill<V, S, T>(2.5004457613914125e-08);
            p = Horner<V, S, T>(p, r, 2.7630356419808137e-07);
            p = Horner<V, S, T>(p, r, 2.7557572150879583e-06);
            p = Horner<V, S, T>(p, r, 2.4801492754197727e-05);
            p = Horner<V, S, T>(p, r, 0.0001984126952294414);
            p = Horner<V, S, T>(p, r, 0.001388888894401742);
            p = Horner<V, S, T>(p, r, 0.008333333333486653);
            p = Horner<V, S, T>(p, r, 0.04166666666652838);
            p = Horner<V, S, T>(p, r, 0.16666666666666424);
            p = Horner<V, S, T>(p, r, 0.5000000000000011);
        }
        return S.MultiplyAdd(S.Multiply(r, r), p, r);
    }

    /// <summary>p · x + coefficient, one step of Horner's scheme.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Horner<V, S, T>(V p, V x, double coefficient)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => S.MultiplyAdd(p, x, Fill<V, S, T>(coefficient));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Fill<V, S, T>(double value)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Constant<V, S, T>(value, value);

    /// <summary>A vector of one constant, which may differ between float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Constant<V, S, T>(double single, double twice)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => S.Fill(typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)single) : Unsafe.BitCast<double, T>(twice));

    /// <summary>The magnitude of one with the sign of the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V CopySign<V, S, T>(V magnitude, V sign)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => S.Select(Fill<V, S, T>(-0.0), sign, magnitude);
}
