using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Transformer.Kernels.Simd;

/// <summary>512-bit vectors. <typeparamref name="T"/> is float or double.</summary>
internal readonly unsafe struct Simd512<T> : ISimd<Vector512<T>, T>
    where T : unmanaged
{
    public static int Count => Vector512<T>.Count;

    public static Vector512<T> Zero => Vector512<T>.Zero;

    public static Vector512<T> Fill(T value) => Vector512.Create(value);

    public static Vector512<T> Load(ref readonly T source) => Vector512.LoadUnsafe(in source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadFirst(ref readonly T source, int count)
    {
        if (Avx512F.IsSupported)
        {
            void* pointer = Unsafe.AsPointer(ref Unsafe.AsRef(in source));
            return typeof(T) == typeof(float)
                ? Avx512F.MaskLoad((float*)pointer, FirstSingles(count), default).As<float, T>()
                : Avx512F.MaskLoad((double*)pointer, FirstDoubles(count), default).As<double, T>();
        }
        Vector512<T> lanes = default;
        MemoryMarshal.CreateReadOnlySpan(in source, count)
            .CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Vector512<T>, T>(ref lanes), Count));
        return lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadMask(ref readonly bool source)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<byte> bytes = Vector128.LoadUnsafe(in Unsafe.As<bool, byte>(ref Unsafe.AsRef(in source)));
            Vector512<uint> words = Vector512.WidenLower(Vector256.WidenLower(bytes.ToVector256Unsafe()).ToVector512Unsafe());
            return (~Vector512.Equals(words, Vector512<uint>.Zero)).As<uint, T>();
        }
        else
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(in Unsafe.As<bool, byte>(ref Unsafe.AsRef(in source)))).AsByte();
            Vector512<ulong> words = Vector512.WidenLower(Vector256.WidenLower(Vector128.WidenLower(bytes).ToVector256Unsafe()).ToVector512Unsafe());
            return (~Vector512.Equals(words, Vector512<ulong>.Zero)).As<ulong, T>();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadFirstMask(ref readonly bool source, int count)
    {
        if (count == Count)
            return LoadMask(in source);
        Vector128<byte> lanes = default;
        ref bool first = ref Unsafe.As<Vector128<byte>, bool>(ref lanes);
        for (int i = 0; i < count; i++)
            Unsafe.Add(ref first, i) = Unsafe.Add(ref Unsafe.AsRef(in source), i);
        return LoadMask(in first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> AtLeast(ref readonly uint words, uint limit) =>
        typeof(T) == typeof(float)
            ? Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(in words), Vector512.Create(limit)).As<uint, T>()
            : Vector512.GreaterThanOrEqual(Vector512.WidenLower(Vector256.LoadUnsafe(in words).ToVector512Unsafe()), Vector512.Create((ulong)limit)).As<ulong, T>();

    public static void Store(Vector512<T> value, ref T destination) => value.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector512<T> value, ref T destination, int count)
    {
        if (Avx512F.IsSupported)
        {
            void* pointer = Unsafe.AsPointer(ref destination);
            if (typeof(T) == typeof(float))
                Avx512F.MaskStore((float*)pointer, FirstSingles(count), value.AsSingle());
            else
                Avx512F.MaskStore((double*)pointer, FirstDoubles(count), value.AsDouble());
        }
        else
        {
            Vector512<T> lanes = value;
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Vector512<T>, T>(ref lanes), count)
                .CopyTo(MemoryMarshal.CreateSpan(ref destination, count));
        }
    }

    private static Vector512<float> FirstSingles(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    private static Vector512<double> FirstDoubles(int count) => Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).AsDouble();

    public static void StorePast(Vector512<T> value, T* destination) => value.StoreAlignedNonTemporal(destination);

    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    public static Vector512<T> Subtract(Vector512<T> a, Vector512<T> b) => a - b;

    public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;

    public static Vector512<T> Divide(Vector512<T> a, Vector512<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) =>
        typeof(T) == typeof(float)
            ? Vector512.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector512.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    public static Vector512<T> Max(Vector512<T> a, Vector512<T> b) => Vector512.Max(a, b);

    public static Vector512<T> MaxOfNumbers(Vector512<T> a, Vector512<T> b) => Vector512.MaxNative(a, b);

    public static Vector512<T> Abs(Vector512<T> a) => Vector512.Abs(a);

    public static Vector512<T> Negate(Vector512<T> a) => -a;

    public static Vector512<T> Sqrt(Vector512<T> a) => Vector512.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Round(Vector512<T> a) =>
        typeof(T) == typeof(float)
            ? Vector512.Round(a.AsSingle()).As<float, T>()
            : Vector512.Round(a.AsDouble()).As<double, T>();

    public static Vector512<T> Less(Vector512<T> a, Vector512<T> b) => Vector512.LessThan(a, b);

    public static Vector512<T> Equal(Vector512<T> a, Vector512<T> b) => Vector512.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> FirstLanes(int count) =>
        typeof(T) == typeof(float) ? FirstSingles(count).As<float, T>() : FirstDoubles(count).As<double, T>();

    public static Vector512<T> Select(Vector512<T> mask, Vector512<T> a, Vector512<T> b) => Vector512.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> InterleaveLower(Vector512<T> a, Vector512<T> b)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.PermuteVar16x32x2(a.AsSingle(), Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), b.AsSingle()).As<float, T>()
                : Avx512F.PermuteVar8x64x2(a.AsDouble(), Vector512.Create(0L, 8, 1, 9, 2, 10, 3, 11), b.AsDouble()).As<double, T>();
        }
        return Vector512.Create(
            Simd256<T>.InterleaveLower(a.GetLower(), b.GetLower()), Simd256<T>.InterleaveUpper(a.GetLower(), b.GetLower()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> InterleaveUpper(Vector512<T> a, Vector512<T> b)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.PermuteVar16x32x2(a.AsSingle(), Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), b.AsSingle()).As<float, T>()
                : Avx512F.PermuteVar8x64x2(a.AsDouble(), Vector512.Create(4L, 12, 5, 13, 6, 14, 7, 15), b.AsDouble()).As<double, T>();
        }
        return Vector512.Create(
            Simd256<T>.InterleaveLower(a.GetUpper(), b.GetUpper()), Simd256<T>.InterleaveUpper(a.GetUpper(), b.GetUpper()));
    }

    // The bits of 2ⁿ are the biased exponent alone: n + 127 above 23 bits of fraction (double: n + 1023 above 52).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> PowerOfTwo(Vector512<T> n) =>
        typeof(T) == typeof(float)
            ? ((Vector512.ConvertToInt32(n.AsSingle()) + Vector512.Create(127)) << 23).As<int, T>()
            : ((Vector512.ConvertToInt64(n.AsDouble()) + Vector512.Create(1023L)) << 52).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> ScaleByPowerOfTwo(Vector512<T> x, Vector512<T> n)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.Scale(x.AsSingle(), n.AsSingle()).As<float, T>()
                : Avx512F.Scale(x.AsDouble(), n.AsDouble()).As<double, T>();
        }

        // In two halves, because 2ⁿ itself may be no normal number; only the second product can round.
        Vector512<T> half = Round(typeof(T) == typeof(float)
            ? (n.AsSingle() * 0.5f).As<float, T>()
            : (n.AsDouble() * 0.5).As<double, T>());
        return x * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SplitExponent(Vector512<T> x, out Vector512<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<int> bits = x.AsInt32();
            exponent = Vector512.ConvertToSingle((bits >>> 23) - Vector512.Create(127)).As<float, T>();
            return ((bits & Vector512.Create(0x007F_FFFF)) | Vector512.Create(0x3F80_0000)).As<int, T>();
        }
        else
        {
            Vector512<long> bits = x.AsInt64();
            exponent = Vector512.ConvertToDouble((bits >>> 52) - Vector512.Create(1023L)).As<double, T>();
            return ((bits & Vector512.Create(0x000F_FFFF_FFFF_FFFFL)) | Vector512.Create(0x3FF0_0000_0000_0000L)).As<long, T>();
        }
    }

    public static T Sum(Vector512<T> a) => Vector512.Sum(a);

    public static T MaxElement(Vector512<T> a) => Simd256<T>.MaxElement(Vector256.Max(a.GetLower(), a.GetUpper()));
}
