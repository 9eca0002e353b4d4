using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal readonly struct TanhGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T y, T dy) => dy * (T.One - (y * y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V y, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Multiply(dy, S.Subtract(S.Fill(T.One), S.Multiply(y, y)));
}

internal readonly struct SigmoidGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T y, T dy) => dy * y * (T.One - y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V y, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Multiply(S.Multiply(dy, y), S.Subtract(S.Fill(T.One), y));
}

internal readonly struct SqrtGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T y, T dy) => dy / (y + y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V y, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Divide(dy, S.Add(y, y));
}

internal readonly struct ReluGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x, T dy) => x > T.Zero ? dy : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Select(S.Less(S.Zero, x), dy, S.Zero);
}

internal readonly struct AbsGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x, T dy) => x > T.Zero ? dy : x < T.Zero ? -dy : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Select(S.Less(S.Zero, x), dy, S.Select(S.Less(x, S.Zero), S.Negate(dy), S.Zero));
}

internal readonly struct GeluGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x, T dy) => dy * (ScalarMath.NormalDistribution(x) + (x * ScalarMath.NormalDensity(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x, V dy)
        where V : struct
        where S : ISimd<V, T>
    {
        V distribution = VectorMath.NormalDistribution<V, S, T>(x, out V density);
        return S.Multiply(dy, S.MultiplyAdd(x, density, distribution));
    }
}

internal readonly struct GeluTanhGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // d(x s)/dx = s + x s (1 − s) v′, where s = sigmoid(v) and v = 2u
    public T Of(T x, T dy)
    {
        T s = ScalarMath.Sigmoid(ScalarMath.GeluTanhArgument(x));
        return dy * s * (T.One + (x * (T.One - s) * ScalarMath.GeluTanhArgumentDerivative(x)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x, V dy)
        where V : struct
        where S : ISimd<V, T>
    {
        V one = S.Fill(T.One);
        V s = VectorMath.Sigmoid<V, S, T>(VectorMath.GeluTanhArgument<V, S, T>(x));
        V slope = VectorMath.GeluTanhArgumentDerivative<V, S, T>(x);
        return S.Multiply(S.Multiply(dy, s), S.MultiplyAdd(S.Multiply(x, S.Subtract(one, s)), slope, one));
    }
}
