using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Transformer.Kernels.Simd;

/// <summary>128-bit vectors. <typeparamref name="T"/> is float or double.</summary>
internal readonly unsafe struct Simd128<T> : ISimd<Vector128<T>, T>
    where T : unmanaged
{
    public static int Count => Vector128<T>.Count;

    public static Vector128<T> Zero => Vector128<T>.Zero;

    public static Vector128<T> Fill(T value) => Vector128.Create(value);

    public static Vector128<T> Load(ref readonly T source) => Vector128.LoadUnsafe(in source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LoadFirst(ref readonly T source, int count)
    {
        if (count == Count)
            return Load(in source);
        Vector128<T> lanes = default;
        MemoryMarshal.CreateReadOnlySpan(in source, count)
            .CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Vector128<T>, T>(ref lanes), Count));
        return lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LoadMask(ref readonly bool source)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(in Unsafe.As<bool, byte>(ref Unsafe.AsRef(in source)))).AsByte();
            Vector128<uint> words = Vector128.WidenLower(Vector128.WidenLower(bytes));
            return (~Vector128.Equals(words, Vector128<uint>.Zero)).As<uint, T>();
        }
        else
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ushort>(in Unsafe.As<bool, byte>(ref Unsafe.AsRef(in source)))).AsByte();
            Vector128<ulong> words = Vector128.WidenLower(Vector128.WidenLower(Vector128.WidenLower(bytes)));
            return (~Vector128.Equals(words, Vector128<ulong>.Zero)).As<ulong, T>();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LoadFirstMask(ref readonly bool source, int count)
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
    public static Vector128<T> AtLeast(ref readonly uint words, uint limit)
    {
        if (typeof(T) == typeof(float))
            return Vector128.GreaterThanOrEqual(Vector128.LoadUnsafe(in words), Vector128.Create(limit)).As<uint, T>();
        Vector128<uint> pair = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(in Unsafe.As<uint, byte>(ref Unsafe.AsRef(in words)))).AsUInt32();
        return Vector128.GreaterThanOrEqual(Vector128.WidenLower(pair), Vector128.Create((ulong)limit)).As<ulong, T>();
    }

    public static void Store(Vector128<T> value, ref T destination) => value.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector128<T> value, ref T destination, int count) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Vector128<T>, T>(ref value), count)
            .CopyTo(MemoryMarshal.CreateSpan(ref destination, count));

    public static void StorePast(Vector128<T> value, T* destination) => value.StoreAlignedNonTemporal(destination);

    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    public static Vector128<T> Subtract(Vector128<T> a, Vector128<T> b) => a - b;

    public static Vector128<T> Multiply(Vector128<T> a, Vector128<T> b) => a * b;

    public static Vector128<T> Divide(Vector128<T> a, Vector128<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c) =>
        typeof(T) == typeof(float)
            ? Vector128.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector128.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    public static Vector128<T> Max(Vector128<T> a, Vector128<T> b) => Vector128.Max(a, b);

    public static Vector128<T> MaxOfNumbers(Vector128<T> a, Vector128<T> b) => Vector128.MaxNative(a, b);

    public static Vector128<T> Abs(Vector128<T> a) => Vector128.Abs(a);

    public static Vector128<T> Negate(Vector128<T> a) => -a;

    public static Vector128<T> Sqrt(Vector128<T> a) => Vector128.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Round(Vector128<T> a) =>
        typeof(T) == typeof(float)
            ? Vector128.Round(a.AsSingle()).As<float, T>()
            : Vector128.Round(a.AsDouble()).As<double, T>();

    public static Vector128<T> Less(Vector128<T> a, Vector128<T> b) => Vector128.LessThan(a, b);

    public static Vector128<T> Equal(Vector128<T> a, Vector128<T> b) => Vector128.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> FirstLanes(int count) =>
        typeof(T) == typeof(float)
            ? Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).As<int, T>()
            : Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)).As<long, T>();

    public static Vector128<T> Select(Vector128<T> mask, Vector128<T> a, Vector128<T> b) => Vector128.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> InterleaveLower(Vector128<T> a, Vector128<T> b)
    {
        if (typeof(T) == typeof(double))
            return Vector128.Create(a.GetLower(), b.GetLower());
        if (Sse.IsSupported)
            return Sse.UnpackLow(a.AsSingle(), b.AsSingle()).As<float, T>();
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.ZipLow(a.AsSingle(), b.AsSingle()).As<float, T>();
        return Vector128.Create(a.AsSingle()[0], b.AsSingle()[0], a.AsSingle()[1], b.AsSingle()[1]).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> InterleaveUpper(Vector128<T> a, Vector128<T> b)
    {
        if (typeof(T) == typeof(double))
            return Vector128.Create(a.GetUpper(), b.GetUpper());
        if (Sse.IsSupported)
            return Sse.UnpackHigh(a.AsSingle(), b.AsSingle()).As<float, T>();
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.ZipHigh(a.AsSingle(), b.AsSingle()).As<float, T>();
        return Vector128.Create(a.AsSingle()[2], b.AsSingle()[2], a.AsSingle()[3], b.AsSingle()[3]).As<float, T>();
    }

    // The bits of 2ⁿ are the biased exponent alone: n + 127 above 23 bits of fraction (double: n + 1023 above 52).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> PowerOfTwo(Vector128<T> n) =>
        typeof(T) == typeof(float)
            ? ((Vector128.ConvertToInt32(n.AsSingle()) + Vector128.Create(127)) << 23).As<int, T>()
            : ((Vector128.ConvertToInt64(n.AsDouble()) + Vector128.Create(1023L)) << 52).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> ScaleByPowerOfTwo(Vector128<T> x, Vector128<T> n)
    {
        if (Avx512F.VL.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.VL.Scale(x.AsSingle(), n.AsSingle()).As<float, T>()
                : Avx512F.VL.Scale(x.AsDouble(), n.AsDouble()).As<double, T>();
        }

        // In two halves, because 2ⁿ itself may be no normal number; only the second product can round.
        Vector128<T> half = Round(typeof(T) == typeof(float)
            ? (n.AsSingle() * 0.5f).As<float, T>()
            : (n.AsDouble() * 0.5).As<double, T>());
        return x * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SplitExponent(Vector128<T> x, out Vector128<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<int> bits = x.AsInt32();
            exponent = Vector128.ConvertToSingle((bits >>> 23) - Vector128.Create(127)).As<float, T>();
            return ((bits & Vector128.Create(0x007F_FFFF)) | Vector128.Create(0x3F80_0000)).As<int, T>();
        }
        else
        {
            Vector128<long> bits = x.AsInt64();
            exponent = Vector128.ConvertToDouble((bits >>> 52) - Vector128.Create(1023L)).As<double, T>();
            return ((bits & Vector128.Create(0x000F_FFFF_FFFF_FFFFL)) | Vector128.Create(0x3FF0_0000_0000_0000L)).As<long, T>();
        }
    }

    public static T Sum(Vector128<T> a) => Vector128.Sum(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MaxElement(Vector128<T> a)
    {
        a = Vector128.Max(a, Vector128.Shuffle(a.AsInt64(), Vector128.Create(1L, 0)).As<long, T>());
        if (typeof(T) == typeof(float))
            a = Vector128.Max(a, Vector128.Shuffle(a.AsInt32(), Vector128.Create(1, 0, 3, 2)).As<int, T>());
        return a[0];
    }
}
