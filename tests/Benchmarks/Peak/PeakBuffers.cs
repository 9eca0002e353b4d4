using System.Runtime.CompilerServices;

namespace Benchmarks.Peak;

/// <summary>The memory of one thread's loop: up to three arrays of one length, each beginning on a cache line.</summary>
internal sealed class PeakBuffers
{
    /// <summary>Lengths are multiples of this, so that no loop has a rest: eight vectors of 512 bits.</summary>
    public const int Granularity = 128;

    private const int CacheLine = 64;

    private readonly float[][] arrays;

    /// <param name="bytes">Of all arrays together; rounded down.</param>
    /// <param name="count">How many arrays, 1 to 3.</param>
    public PeakBuffers(int bytes, int count)
    {
        Count = Math.Max(1, bytes / sizeof(float) / count / Granularity) * Granularity;
        arrays = new float[count][];
        for (int i = 0; i < count; i++)
        {
            // Pinned, so that it stays where the cache line was found.
            arrays[i] = GC.AllocateUninitializedArray<float>(Count + (CacheLine / sizeof(float)), pinned: true);
            // Touched by the thread that will use it, and of a size that no sum leaves the normal numbers.
            arrays[i].AsSpan().Fill(1f / (i + 1));
        }
    }

    /// <summary>Elements of each array.</summary>
    public int Count { get; }

    public ref float First() => ref Begin(arrays[0]);

    public ref float Second() => ref Begin(arrays[1]);

    public ref float Third() => ref Begin(arrays[2]);

    private static unsafe ref float Begin(float[] array)
    {
        ref float begin = ref array[0];
        nint misaligned = (nint)Unsafe.AsPointer(ref begin) & (CacheLine - 1);
        return ref Unsafe.AddByteOffset(ref begin, misaligned == 0 ? 0 : CacheLine - misaligned);
    }
}
