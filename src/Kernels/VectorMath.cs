using System.Numerics;
using Transformer.Kernels.Simd;
namespace Transformer.Kernels;
internal static class VectorMath
{
public static V Exp<V,S,T>(V x) where V: struct where S: ISimd<V,T> where T: unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException();
public static V Log<V,S,T>(V x) where V: struct where S: ISimd<V,T> where T: unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException();
public static V Tanh<V,S,T>(V x) where V: struct where S: ISimd<V,T> where T: unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException();
public static V Sigmoid<V,S,T>(V x) where V: struct where S: ISimd<V,T> where T: unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException();
public static V Erf<V,S,T>(V x) where V: struct where S: ISimd<V,T> where T: unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException();
public static V NormalDistribution<V,S,T>(V x) where V: struct where S: ISimd<V,T> where T: unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException();
public static V NormalDensity<V,S,T>(V x) where V: struct where S: ISimd<V,T> where T: unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException();
public static V GeluTanhArgument<V,S,T>(V x) where V: struct where S: ISimd<V,T> where T: unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException();
public static V GeluTanhArgumentDerivative<V,S,T>(V x) where V: struct where S: ISimd<V,T> where T: unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException();
}
