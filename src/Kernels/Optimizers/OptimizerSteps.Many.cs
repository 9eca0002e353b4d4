using System.Buffers;
using System.Numerics;

namespace Transformer.Kernels;

/// <summary>What one parameter's Adam update reads and writes, all of one length.</summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly ref struct AdamTensors<T>(Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> firstMoment, Span<T> secondMoment)
{
    /// <summary>p, changed in place.</summary>
    public Span<T> Parameter { get; } = parameter;

    /// <summary>g, read only.</summary>
    public ReadOnlySpan<T> Gradient { get; } = gradient;

    /// <summary>m, changed in place.</summary>
    public Span<T> FirstMoment { get; } = firstMoment;

    /// <summary>v, changed in place.</summary>
    public Span<T> SecondMoment { get; } = secondMoment;
}

/// <summary>The parameters of one <see cref="OptimizerSteps.AdamOfAll"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
public interface IAdamParameters<T>
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>One of them: asked for once each, in order, on the calling thread.</summary>
    AdamTensors<T> this[int index] { get; }
}

/// <content>All parameters at once: most are far too small to be shared out among threads one by one.</content>
public static unsafe partial class OptimizerSteps
{
    /// <summary><see cref="Adam"/> of every parameter, spread over threads as if they were one: the same bits as one by one.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <typeparam name="TParameters">A struct, so that the calls cost nothing.</typeparam>
    public static void AdamOfAll<T, TParameters>(TParameters parameters, in AdamStep step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TParameters : struct, IAdamParameters<T>
    {
        AdamPart<T>[] parts = ArrayPool<AdamPart<T>>.Shared.Rent(Math.Max(parameters.Count, 1));
        Pin(ref parameters, 0, 0, parts, step);
        ArrayPool<AdamPart<T>>.Shared.Return(parts);
    }

    // Spans cannot be kept in a list, and memory that other threads reach has to be pinned: each call pins one parameter's, for as
    // long as those of all later ones are used.
    private static void Pin<T, TParameters>(ref TParameters parameters, int index, long start, AdamPart<T>[] parts, in AdamStep step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TParameters : struct, IAdamParameters<T>
    {
        if (index == parameters.Count)
        {
            Run(parts, index, start);
            return;
        }

        AdamTensors<T> tensors = parameters[index];
        int n = tensors.Parameter.Length;
        if (Execution.Plain)
        {
            Adam(tensors.Parameter, tensors.Gradient, tensors.FirstMoment, tensors.SecondMoment, step);
            Pin(ref parameters, index + 1, 0, parts, step);
            return;
        }

        Check.Length("gradient", tensors.Gradient.Length, n);
        Check.Length("firstMoment", tensors.FirstMoment.Length, n);
        Check.Length("secondMoment", tensors.SecondMoment.Length, n);
        fixed (T* p = tensors.Parameter, g = tensors.Gradient, m = tensors.FirstMoment, v = tensors.SecondMoment)
        {
            parts[index] = new(start, n, new(new(p, n), new(g, n), new(m, n), new(v, n), step));
            Pin(ref parameters, index + 1, start + n, parts, step);
        }
    }

    private static void Run<T>(AdamPart<T>[] parts, int count, long elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (AdamPart<T>* all = parts)
        {
            int chunks = (int)((elements + Ranges.ChunkElements - 1) / Ranges.ChunkElements);
            Workers.Run(chunks, new AdamChunks<T>(new(all, count), elements));
        }
    }

    /// <summary>A parameter, and how many elements stand before it where all are lined up.</summary>
    private readonly record struct AdamPart<T>(long Start, int Length, AdamKernel<T> Kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>A chunk is a run of elements of all parameters lined up; it may end one, hold some and begin another.</summary>
    private readonly struct AdamChunks<T>(SharedSpan<AdamPart<T>> parts, long elements) : IChunkBody
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int chunk)
        {
            ReadOnlySpan<AdamPart<T>> all = parts.Span;
            long start = (long)chunk * Ranges.ChunkElements;
            long end = Math.Min(start + Ranges.ChunkElements, elements);
            for (int i = FirstEndingAfter(all, start); i < all.Length && all[i].Start < end; i++)
            {
                ref readonly AdamPart<T> part = ref all[i];
                AdamKernel<T> kernel = part.Kernel;
                Ranges.RunHere<T, AdamKernel<T>>(
                    ref kernel, (int)Math.Max(start - part.Start, 0), (int)Math.Min(end - part.Start, part.Length));
            }
        }

        private static int FirstEndingAfter(ReadOnlySpan<AdamPart<T>> all, long element)
        {
            int low = 0;
            int high = all.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (all[middle].Start + all[middle].Length <= element)
                    low = middle + 1;
                else
                    high = middle;
            }

            return low;
        }
    }
}
