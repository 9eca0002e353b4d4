using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal readonly struct AddFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T a, T b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V, T> =>
        S.Add(a, b);
}

internal readonly struct SubtractFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T a, T b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V, T> =>
        S.Subtract(a, b);
}

internal readonly struct MultiplyFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T a, T b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V, T> =>
        S.Multiply(a, b);
}

internal readonly struct DivideFormula<T> : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T a, T b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V, T> =>
        S.Divide(a, b);
}

internal readonly struct ScaleFormula<T>(T factor) : IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T x) => factor * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T> =>
        S.Multiply(S.Fill(factor), x);
}

internal readonly struct DivideGradientFormula<T> : IFormula3<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T b, T y, T dy) => -dy * y / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V b, V y, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Divide(S.Multiply(S.Negate(dy), y), b);
}
