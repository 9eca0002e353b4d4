using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Transformer.Kernels.Simd;

/// <summary>256-bit vectors. <typeparamref name="T"/> is float or double.</summary>
internal readonly unsafe struct Simd256<T> : ISimd<Vector256<T>, T>
    where T : unmanaged
{
    public static int Count => Vector256<T>.Count;

    public static Vector256<T> Zero => Vector256<T>.Zero;

    public static Vector256<T> Fill(T value) => Vector256.Create(value);

    public static Vector256<T> Load(ref readonly T source) => Vector256.LoadUnsafe(in source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadFirst(ref readonly T source, int count)
    {
        if (Avx.IsSupported)
        {
            void* pointer = Unsafe.AsPointer(ref Unsafe.AsRef(in source));
            return typeof(T) == typeof(float)
                ? Avx.MaskLoad((float*)pointer, FirstSingles(count)).As<float, T>()
                : Avx.MaskLoad((double*)pointer, FirstDoubles(count)).As<double, T>();
        }
        Vector256<T> lanes = default;
        MemoryMarshal.CreateReadOnlySpan(in source, count)
            .CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Vector256<T>, T>(ref lanes), Count));
        return lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadMask(ref readonly bool source)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(in Unsafe.As<bool, byte>(ref Unsafe.AsRef(in source)))).AsByte();
            Vector256<uint> words = Vector256.WidenLower(Vector128.WidenLower(bytes).ToVector256Unsafe());
            return (~Vector256.Equals(words, Vector256<uint>.Zero)).As<uint, T>();
        }
        else
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(in Unsafe.As<bool, byte>(ref Unsafe.AsRef(in source)))).AsByte();
            Vector256<ulong> words = Vector256.WidenLower(Vector128.WidenLower(Vector128.WidenLower(bytes)).ToVector256Unsafe());
            return (~Vector256.Equals(words, Vector256<ulong>.Zero)).As<ulong, T>();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadFirstMask(ref readonly bool source, int count)
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
    public static Vector256<T> AtLeast(ref readonly uint words, uint limit) =>
        typeof(T) == typeof(float)
            ? Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(in words), Vector256.Create(limit)).As<uint, T>()
            : Vector256.GreaterThanOrEqual(Vector256.WidenLower(Vector128.LoadUnsafe(in words).ToVector256Unsafe()), Vector256.Create((ulong)limit)).As<ulong, T>();

    public static void Store(Vector256<T> value, ref T destination) => value.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector256<T> value, ref T destination, int count)
    {
        if (Avx.IsSupported)
        {
            void* pointer = Unsafe.AsPointer(ref destination);
            if (typeof(T) == typeof(float))
                Avx.MaskStore((float*)pointer, FirstSingles(count), value.AsSingle());
            else
                Avx.MaskStore((double*)pointer, FirstDoubles(count), value.AsDouble());
        }
        else
        {
            Vector256<T> lanes = value;
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Vector256<T>, T>(ref lanes), count)
                .CopyTo(MemoryMarshal.CreateSpan(ref destination, count));
        }
    }

    private static Vector256<float> FirstSingles(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    private static Vector256<double> FirstDoubles(int count) => Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).AsDouble();

    public static void StorePast(Vector256<T> value, T* destination) => value.StoreAlignedNonTemporal(destination);

    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    public static Vector256<T> Subtract(Vector256<T> a, Vector256<T> b) => a - b;

    public static Vector256<T> Multiply(Vector256<T> a, Vector256<T> b) => a * b;

    public static Vector256<T> Divide(Vector256<T> a, Vector256<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c) =>
        typeof(T) == typeof(float)
            ? Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    public static Vector256<T> Max(Vector256<T> a, Vector256<T> b) => Vector256.Max(a, b);

    public static Vector256<T> MaxOfNumbers(Vector256<T> a, Vector256<T> b) => Vector256.MaxNative(a, b);

    public static Vector256<T> Abs(Vector256<T> a) => Vector256.Abs(a);

    public static Vector256<T> Negate(Vector256<T> a) => -a;

    public static Vector256<T> Sqrt(Vector256<T> a) => Vector256.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Round(Vector256<T> a) =>
        typeof(T) == typeof(float)
            ? Vector256.Round(a.AsSingle()).As<float, T>()
            : Vector256.Round(a.AsDouble()).As<double, T>();

    public static Vector256<T> Less(Vector256<T> a, Vector256<T> b) => Vector256.LessThan(a, b);

    public static Vector256<T> Equal(Vector256<T> a, Vector256<T> b) => Vector256.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> FirstLanes(int count) =>
        typeof(T) == typeof(float) ? FirstSingles(count).As<float, T>() : FirstDoubles(count).As<double, T>();

    public static Vector256<T> Select(Vector256<T> mask, Vector256<T> a, Vector256<T> b) => Vector256.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> InterleaveLower(Vector256<T> a, Vector256<T> b) =>
        Vector256.Create(Simd128<T>.InterleaveLower(a.GetLower(), b.GetLower()), Simd128<T>.InterleaveUpper(a.GetLower(), b.GetLower()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> InterleaveUpper(Vector256<T> a, Vector256<T> b) =>
        Vector256.Create(Simd128<T>.InterleaveLower(a.GetUpper(), b.GetUpper()), Simd128<T>.InterleaveUpper(a.GetUpper(), b.GetUpper()));

    // The bits of 2ⁿ are the biased exponent alone: n + 127 above 23 bits of fraction (double: n + 1023 above 52).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> PowerOfTwo(Vector256<T> n) =>
        typeof(T) == typeof(float)
            ? ((Vector256.ConvertToInt32(n.AsSingle()) + Vector256.Create(127)) << 23).As<int, T>()
            : ((Vector256.ConvertToInt64(n.AsDouble()) + Vector256.Create(1023L)) << 52).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> ScaleByPowerOfTwo(Vector256<T> x, Vector256<T> n)
    {
        if (Avx512F.VL.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.VL.Scale(x.AsSingle(), n.AsSingle()).As<float, T>()
                : Avx512F.VL.Scale(x.AsDouble(), n.AsDouble()).As<double, T>();
        }

        // In two halves, because 2ⁿ itself may be no normal number; only the second product can round.
        Vector256<T> half = Round(typeof(T) == typeof(float)
            ? (n.AsSingle() * 0.5f).As<float, T>()
            : (n.AsDouble() * 0.5).As<double, T>());
        return x * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> SplitExponent(Vector256<T> x, out Vector256<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<int> bits = x.AsInt32();
            exponent = Vector256.ConvertToSingle((bits >>> 23) - Vector256.Create(127)).As<float, T>();
            return ((bits & Vector256.Create(0x007F_FFFF)) | Vector256.Create(0x3F80_0000)).As<int, T>();
        }
        else
        {
            Vector256<long> bits = x.AsInt64();
            exponent = Vector256.ConvertToDouble((bits >>> 52) - Vector256.Create(1023L)).As<double, T>();
            return ((bits & Vector256.Create(0x000F_FFFF_FFFF_FFFFL)) | Vector256.Create(0x3FF0_0000_0000_0000L)).As<long, T>();
        }
    }

    public static T Sum(Vector256<T> a) => Vector256.Sum(a);

    public static T MaxElement(Vector256<T> a) => Simd128<T>.MaxElement(Vector128.Max(a.GetLower(), a.GetUpper()));
}
