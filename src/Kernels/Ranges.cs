using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// A kernel over numbered items (elements, rows, columns …) whose ranges do not depend on each other.
/// A struct whose fields are what it reads and writes, spans as <see cref="SharedSpan{T}"/>.
/// </summary>
internal interface IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Does the items from <paramref name="start"/> to <paramref name="end"/> − 1 with vectors of type <typeparamref name="V"/>.</summary>
    void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>;
}

/// <summary>The one place where a kernel is spread over threads and given its vector width.</summary>
internal static class Ranges
{
    /// <summary>Elements in a chunk: enough to hide the cost of claiming it, few enough to stay in a core's second-level cache.</summary>
    public const int ChunkElements = 32 * 1024;

    // Below three chunks, waking the other threads costs more than they save.
    private const int FewestChunks = 3;

    /// <summary>Runs a kernel over all items, each of which touches <paramref name="elementsPerItem"/> elements.</summary>
    public static void Run<T, K>(int items, long elementsPerItem, K kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where K : struct, IRangeKernel<T>
    {
        if (items == 0)
            return;
        if (items * elementsPerItem <= ChunkElements)
            RunHere<T, K>(ref kernel, 0, items);
        else
            RunChunks<T, K>(items, elementsPerItem, ref kernel);
    }

    /// <summary>Does the items from <paramref name="start"/> to <paramref name="end"/> − 1 on this thread.</summary>
    public static void RunHere<T, K>(ref K kernel, int start, int end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where K : struct, IRangeKernel<T>
    {
        switch (Execution.VectorBits)
        {
            case 512:
                kernel.Run<Vector512<T>, Simd512<T>>(start, end);
                break;
            case 256:
                kernel.Run<Vector256<T>, Simd256<T>>(start, end);
                break;
            default:
                kernel.Run<Vector128<T>, Simd128<T>>(start, end);
                break;
        }
    }

    // Not inlined: a handful of elements pays for no more than the question above.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunChunks<T, K>(int items, long elementsPerItem, ref K kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where K : struct, IRangeKernel<T>
    {
        int grain = (int)Math.Clamp(ChunkElements / elementsPerItem, 1, items);
        int chunks = (int)(((long)items + grain - 1) / grain);
        if (chunks < FewestChunks)
            RunHere<T, K>(ref kernel, 0, items);
        else
            Workers.Run(chunks, new Chunks<T, K>(kernel, items, grain));
    }

    private struct Chunks<T, K>(K kernel, int items, int grain) : IChunkBody
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where K : struct, IRangeKernel<T>
    {
        private K kernel = kernel;

        public void Run(int chunk)
        {
            int start = chunk * grain;
            RunHere<T, K>(ref kernel, start, (int)Math.Min((long)start + grain, items));
        }
    }
}
