using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal static partial class VectorMath
{
    /// <summary>tanh x = x + x t P(t) with t = x² up to |x| = 0.55, ±(1 − 2 / (exp(2|x|) + 1)) beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V, S, T>(V x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // From this bound on the result rounds to ±1; NaN passes the comparison.
        V bound = Constant<V, S, T>(20, 40);
        V twice = S.Abs(S.Add(x, x));
        twice = S.Select(S.Less(bound, twice), bound, twice);
        V one = Fill<V, S, T>(1);
        V tail = S.Subtract(one, S.Divide(Fill<V, S, T>(2), S.Add(ExpInRange<V, S, T>(twice), one)));

        V t = S.Multiply(x, x);
        V center = S.MultiplyAdd(S.Multiply(x, t), TanhNearZero<V, S, T>(t), x);
        // The sign goes last: x + x t P(t) would make −0 a 0.
        return CopySign<V, S, T>(S.Select(S.Less(twice, Fill<V, S, T>(1.1)), center, tail), x);
    }

    /// <summary>(tanh x / x − 1) / x², a polynomial in t = x² ≤ 0.3025.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TanhNearZero<V, S, T>(V t)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V p;
        if (typeof(T) == typeof(float))
        {
            p = Fill<V, S, T>(-0.006273673888064281);
            p = Horner<V, S, T>(p, t, 0.021071246692341058);
            p = Horner<V, S, T>(p, t, -0.05385219435947001);
            p = Horner<V, S, T>(p, t, 0.13332584891358196);
            p = Horner<V, S, T>(p, t, -0.3333331751577765);
        }
        else
        {
            p = Fill<V, S, T>(-1.949327541530662e-05);
            p = Horner<V, S, T>(p, t, 8.331406887425149e-05);
            p = Horner<V, S, T>(p, t, -0.000233379832199762);
            p = Horner<V, S, T>(p, t, 0.0005884437710888874);
            p = Horner<V, S, T>(p, t, -0.0014555426620536137);
            p = Horner<V, S, T>(p, t, 0.0035920920000264995);
            p = Horner<V, S, T>(p, t, -0.008863232598195724);
            p = Horner<V, S, T>(p, t, 0.021869488385638895);
            p = Horner<V, S, T>(p, t, -0.053968253963752114);
            p = Horner<V, S, T>(p, t, 0.13333333333326602);
            p = Horner<V, S, T>(p, t, -0.333333333333333);
        }
        return p;
    }

    /// <summary>1 / (1 + exp(−x)), from exp(−|x|) alone: it cannot overflow, and small results keep their digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V, S, T>(V x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V one = Fill<V, S, T>(1);
        V e = Exp<V, S, T>(S.Negate(S.Abs(x)));
        return S.Divide(S.Select(S.Less(x, S.Zero), e, one), S.Add(one, e));
    }

    /// <summary>2u = 2 √(2/π) (x + 0.044715 x³), the argument of GELU's tanh form: ½ (1 + tanh u) = sigmoid(2u).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanhArgument<V, S, T>(V x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V cubic = Fill<V, S, T>(2 * ScalarMath.GeluSlope * ScalarMath.GeluCubic);
        return S.Multiply(x, S.MultiplyAdd(S.Multiply(x, x), cubic, Fill<V, S, T>(2 * ScalarMath.GeluSlope)));
    }

    /// <summary>d(2u)/dx.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanhArgumentDerivative<V, S, T>(V x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V factor = Fill<V, S, T>(6 * ScalarMath.GeluSlope * ScalarMath.GeluCubic);
        V most = Fill<V, S, T>(ScalarMath.GeluLargestSquare);
        V square = S.Multiply(x, x);
        square = S.Select(S.Less(square, most), square, most);
        return S.MultiplyAdd(square, factor, Fill<V, S, T>(2 * ScalarMath.GeluSlope));
    }
}
