using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Transformer.Kernels.Simd;

/// <summary>Hints to the caches, which change no value.</summary>
internal static unsafe class Cache
{
    /// <summary>Bytes in a line. A vector that lies across two of them is slow to load and slower to store.</summary>
    public const int LineBytes = 64;

    // With what the result is made from, more than the caches of most machines hold.
    private const long FewestBytesPast = 16 << 20;

    /// <summary>Begins to bring a cache line in that will be needed soon. The address need not be valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    /// <summary>
    /// Whether a result is written past the caches (<see cref="Store"/>): it is so large that little of it would still be there when it is read, and its
    /// rows are whole vectors.
    /// </summary>
    public static bool IsPassed<V, S, T>(SharedSpan<T> result, int columns)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged =>
        (long)result.Length * sizeof(T) >= FewestBytesPast && columns % S.Count == 0 && (nuint)result.Start % (nuint)(S.Count * sizeof(T)) == 0;

    /// <summary>Stores a vector, past the caches or as usual.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, S, T>(V value, T* destination, bool past)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged
    {
        if (past)
            S.StorePast(value, destination);
        else
            S.Store(value, ref *destination);
    }

    /// <summary>The first elements of some memory that begin where a cache line does; the memory is <see cref="LineBytes"/> longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* Aligned<T>(void* memory)
        where T : unmanaged =>
        (T*)(((nuint)memory + LineBytes - 1) & ~(nuint)(LineBytes - 1));

    /// <summary>Makes what this thread stored past the caches visible to others before anything that it stores from here on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FinishStreams()
    {
        if (Sse.IsSupported)
            Sse.StoreFence();
    }
}
