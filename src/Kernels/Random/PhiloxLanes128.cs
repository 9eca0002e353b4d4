using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Transformer.Kernels;

/// <summary>Philox in 128-bit vectors.</summary>
internal readonly struct PhiloxLanes128 : IPhiloxLanes<Vector128<ulong>>
{
    public static int Blocks => 2;

    public static Vector128<ulong> Fill(ulong value) => Vector128.Create(value);

    public static Vector128<ulong> Order => Vector128.Create(0UL, 1);

    public static Vector128<ulong> Add(Vector128<ulong> a, Vector128<ulong> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> MultiplyLower(Vector128<ulong> a, Vector128<ulong> b)
    {
        if (Sse2.IsSupported)
            return Sse2.Multiply(a.AsUInt32(), b.AsUInt32());
        if (AdvSimd.IsSupported)
            return AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(a), AdvSimd.ExtractNarrowingLower(b));
        return Vector128.Create((ulong)(uint)a[0] * (uint)b[0], (ulong)(uint)a[1] * (uint)b[1]);
    }

    public static Vector128<ulong> MixUpper(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) => (a >>> 32) ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(Vector128<ulong> word0, Vector128<ulong> word1, Vector128<ulong> word2, Vector128<ulong> word3,
        out Vector128<ulong> first, out Vector128<ulong> second)
    {
        Vector128<ulong> lower = Vector128.Create(0xFFFF_FFFFUL);
        Vector128<ulong> words01 = (word0 & lower) | (word1 << 32);
        Vector128<ulong> words23 = (word2 & lower) | (word3 << 32);
        first = Vector128.Create(words01.GetLower(), words23.GetLower());
        second = Vector128.Create(words01.GetUpper(), words23.GetUpper());
    }

    public static void Store(Vector128<ulong> value, ref uint destination) => value.AsUInt32().StoreUnsafe(ref destination);
}
