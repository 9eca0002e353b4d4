using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>An element-wise function y = f(x), once for an element and once for a vector of them.</summary>
internal interface IFormula1<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    T Of(T x);

    V Of<V, S>(V x)
        where V : struct
        where S : ISimd<V, T>;
}

/// <summary>An element-wise function y = f(a, b).</summary>
internal interface IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    T Of(T a, T b);

    V Of<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V, T>;
}

/// <summary>An element-wise function y = f(a, b, c).</summary>
internal interface IFormula3<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    T Of(T a, T b, T c);

    V Of<V, S>(V a, V b, V c)
        where V : struct
        where S : ISimd<V, T>;
}
