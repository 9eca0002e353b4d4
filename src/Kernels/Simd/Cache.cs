using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Transformer.Kernels.Simd;

/// <summary>Hints to the caches, which change no value.</summary>
internal static unsafe class Cache
{
    /// <summary>Begins to bring a cache line in that will be needed soon. The address need not be valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    /// <summary>Makes what this thread stored past the caches visible to others before anything that it stores from here on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FinishStreams()
    {
        if (Sse.IsSupported)
            Sse.StoreFence();
    }
}
