using System.Runtime.CompilerServices;

namespace Transformer.Kernels.Simd;

/// <summary>Operations on single elements of an element type that is float or double.</summary>
internal static class Scalar
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add<T>(T a, T b)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Unsafe.BitCast<float, T>(Unsafe.BitCast<T, float>(a) + Unsafe.BitCast<T, float>(b))
            : Unsafe.BitCast<double, T>(Unsafe.BitCast<T, double>(a) + Unsafe.BitCast<T, double>(b));
}
