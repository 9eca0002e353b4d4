using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Transformer.Kernels;

/// <summary>Philox in 256-bit vectors.</summary>
internal readonly struct PhiloxLanes256 : IPhiloxLanes<Vector256<ulong>>
{
    public static int Blocks => 4;

    public static Vector256<ulong> Fill(ulong value) => Vector256.Create(value);

    public static Vector256<ulong> Order => Vector256.Create(0UL, 2, 1, 3);

    public static Vector256<ulong> Add(Vector256<ulong> a, Vector256<ulong> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> MultiplyLower(Vector256<ulong> a, Vector256<ulong> b) =>
        Avx2.IsSupported
            ? Avx2.Multiply(a.AsUInt32(), b.AsUInt32())
            : Vector256.Create(PhiloxLanes128.MultiplyLower(a.GetLower(), b.GetLower()), PhiloxLanes128.MultiplyLower(a.GetUpper(), b.GetUpper()));

    public static Vector256<ulong> MixUpper(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) => (a >>> 32) ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(Vector256<ulong> word0, Vector256<ulong> word1, Vector256<ulong> word2, Vector256<ulong> word3,
        out Vector256<ulong> first, out Vector256<ulong> second)
    {
        PhiloxLanes128.Interleave(word0.GetLower(), word1.GetLower(), word2.GetLower(), word3.GetLower(), out Vector128<ulong> a, out Vector128<ulong> b);
        PhiloxLanes128.Interleave(word0.GetUpper(), word1.GetUpper(), word2.GetUpper(), word3.GetUpper(), out Vector128<ulong> c, out Vector128<ulong> d);
        first = Vector256.Create(a, c);
        second = Vector256.Create(b, d);
    }

    public static void Store(Vector256<ulong> value, ref uint destination) => value.AsUInt32().StoreUnsafe(ref destination);
}
