using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Transformer.Kernels;

/// <summary>Philox in 512-bit vectors.</summary>
internal readonly struct PhiloxLanes512 : IPhiloxLanes<Vector512<ulong>>
{
    public static int Blocks => 8;

    public static Vector512<ulong> Fill(ulong value) => Vector512.Create(value);

    public static Vector512<ulong> Order => Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7);

    public static Vector512<ulong> Add(Vector512<ulong> a, Vector512<ulong> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> MultiplyLower(Vector512<ulong> a, Vector512<ulong> b) =>
        Avx512F.IsSupported
            ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32())
            : Vector512.Create(PhiloxLanes256.MultiplyLower(a.GetLower(), b.GetLower()), PhiloxLanes256.MultiplyLower(a.GetUpper(), b.GetUpper()));

    public static Vector512<ulong> MixUpper(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => (a >>> 32) ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(Vector512<ulong> word0, Vector512<ulong> word1, Vector512<ulong> word2, Vector512<ulong> word3,
        out Vector512<ulong> first, out Vector512<ulong> second)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<ulong> lower = Vector512.Create(0xFFFF_FFFFUL);
            Vector512<ulong> words01 = (word0 & lower) | (word1 << 32);
            Vector512<ulong> words23 = (word2 & lower) | (word3 << 32);
            first = Avx512F.UnpackLow(words01, words23);
            second = Avx512F.UnpackHigh(words01, words23);
            return;
        }
        PhiloxLanes256.Interleave(word0.GetLower(), word1.GetLower(), word2.GetLower(), word3.GetLower(), out Vector256<ulong> a, out Vector256<ulong> b);
        PhiloxLanes256.Interleave(word0.GetUpper(), word1.GetUpper(), word2.GetUpper(), word3.GetUpper(), out Vector256<ulong> c, out Vector256<ulong> d);
        first = Vector512.Create(a, c);
        second = Vector512.Create(b, d);
    }

    public static void Store(Vector512<ulong> value, ref uint destination) => value.AsUInt32().StoreUnsafe(ref destination);
}
