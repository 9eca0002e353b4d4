using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal readonly struct NegateFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => -x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        S.Negate(x);
}

internal readonly struct ExpFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => T.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        VectorMath.Exp<V, S, T>(x);
}

internal readonly struct LogFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => T.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        VectorMath.Log<V, S, T>(x);
}

internal readonly struct SqrtFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => T.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        S.Sqrt(x);
}

internal readonly struct AbsFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => T.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        S.Abs(x);
}

internal readonly struct TanhFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => T.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        VectorMath.Tanh<V, S, T>(x);
}

internal readonly struct SigmoidFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => ScalarMath.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        VectorMath.Sigmoid<V, S, T>(x);
}

internal readonly struct ErfFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => ScalarMath.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        VectorMath.Erf<V, S, T>(x);
}

internal readonly struct ReluFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => T.Max(x, T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        S.Max(x, S.Zero);
}

internal readonly struct GeluFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => x * ScalarMath.NormalDistribution(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        S.Multiply(x, VectorMath.NormalDistribution<V, S, T>(x));
}

internal readonly struct GeluTanhFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => x * ScalarMath.Sigmoid(ScalarMath.GeluTanhArgument(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        S.Multiply(x, VectorMath.Sigmoid<V, S, T>(VectorMath.GeluTanhArgument<V, S, T>(x)));
}
