using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal readonly struct SquareFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        S.Multiply(x, x);
}

internal readonly struct CubeFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => x * x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        S.Multiply(S.Multiply(x, x), x);
}

internal readonly struct ReciprocalFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => T.One / x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        S.Divide(S.Fill(T.One), x);
}

internal readonly struct ReciprocalSqrtFormula<T> : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => T.One / T.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        S.Divide(S.Fill(T.One), S.Sqrt(x));
}

internal readonly struct SquareGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x, T dy) => dy * (x + x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Multiply(dy, S.Add(x, x));
}

internal readonly struct CubeGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x, T dy) => dy * T.CreateTruncating(3) * x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Multiply(S.Multiply(S.Multiply(dy, S.Fill(T.CreateTruncating(3))), x), x);
}

internal readonly struct RootGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x, T dy) => dy / (T.Sqrt(x) + T.Sqrt(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Divide(dy, S.Add(S.Sqrt(x), S.Sqrt(x)));
}

internal readonly struct ReciprocalGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x, T dy) => -dy / (x * x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Divide(S.Negate(dy), S.Multiply(x, x));
}

internal readonly struct ReciprocalSqrtGradientFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x, T dy) => -dy / ((x + x) * T.Sqrt(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Divide(S.Negate(dy), S.Multiply(S.Add(x, x), S.Sqrt(x)));
}
