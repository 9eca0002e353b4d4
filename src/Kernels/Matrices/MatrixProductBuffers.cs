using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Memory for the copies of B: one array for every thread, which grows and is used again, so that a product allocates
/// nothing once it has been done before.
/// </summary>
internal static unsafe class MatrixProductBuffers<T>
    where T : unmanaged
{
    [ThreadStatic]
    private static T[]? ofB;

    /// <summary>At least <paramref name="length"/> elements of no particular value, from the start of a cache line, until this thread asks again.</summary>
    public static T* OfB(int length)
    {
        // Pinned, and held by this thread: it stays where it is.
        int needed = length + (Cache.LineBytes / sizeof(T));
        if (ofB is null || ofB.Length < needed)
            ofB = GC.AllocateUninitializedArray<T>(needed, pinned: true);
        fixed (T* start = ofB)
            return Cache.Aligned<T>(start);
    }
}
