using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>Scratch memory of attention: one array for each thread, which grows and is used again. Its content is of no particular value.</summary>
internal static unsafe class AttentionScratch
{
    [ThreadStatic]
    private static byte[]? memory;

    /// <summary>At least so many bytes, at the start of a cache line.</summary>
    public static byte* Of(long bytes)
    {
        if (memory is null || memory.Length < bytes + Cache.LineBytes)
            memory = GC.AllocateUninitializedArray<byte>(checked((int)(bytes + Cache.LineBytes)), pinned: true);
        fixed (byte* start = memory)
            return Cache.Aligned<byte>(start);
    }

    /// <summary>Cuts <paramref name="count"/> elements off the front of a stretch of memory. From a null pointer, it only counts.</summary>
    public static T* Cut<T>(ref byte* memory, long count)
        where T : unmanaged
    {
        T* cut = (T*)memory;
        memory = Cache.Aligned<byte>(memory + (count * sizeof(T)));
        return cut;
    }
}
