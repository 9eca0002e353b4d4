using System.Buffers;
using System.Numerics;

namespace Transformer.Kernels;

/// <summary>Several spans that a kernel goes over at once.</summary>
/// <typeparam name="T">float or double.</typeparam>
public interface ISpans<T>
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>One of them: asked for once each, in order, on the calling thread.</summary>
    ReadOnlySpan<T> this[int index] { get; }
}

// One by one, small spans would all be added up on one thread.
public static unsafe partial class Reduction
{
    /// <summary><see cref="SumOfSquares"/> of each of many spans, spread over threads together: the same bits as one by one.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <typeparam name="TSpans">A struct, so that the calls cost nothing.</typeparam>
    /// <param name="spans">The spans.</param>
    /// <param name="sums">Receives a sum for each.</param>
    public static void SumsOfSquares<T, TSpans>(TSpans spans, Span<double> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TSpans : struct, ISpans<T>
    {
        Check.Length(nameof(sums), sums.Length, spans.Count);
        SumPart<T>[] parts = ArrayPool<SumPart<T>>.Shared.Rent(Math.Max(spans.Count, 1));
        Pin(ref spans, 0, 0, parts, sums);
        ArrayPool<SumPart<T>>.Shared.Return(parts);
    }

    // Each call pins one span, for as long as all later ones are used.
    private static void Pin<T, TSpans>(ref TSpans spans, int index, int firstChunk, SumPart<T>[] parts, Span<double> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TSpans : struct, ISpans<T>
    {
        if (index == spans.Count)
        {
            Run(parts.AsSpan(0, index), firstChunk, sums);
            return;
        }

        ReadOnlySpan<T> span = spans[index];
        if (Execution.Plain)
        {
            sums[index] = SumOfSquares(span);
            Pin(ref spans, index + 1, 0, parts, sums);
            return;
        }

        fixed (T* x = span)
        {
            parts[index] = new(firstChunk, new(x, span.Length));
            Pin(ref spans, index + 1, firstChunk + ((span.Length + ChunkElements - 1) / ChunkElements), parts, sums);
        }
    }

    private static void Run<T>(ReadOnlySpan<SumPart<T>> parts, int chunks, Span<double> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Execution.Plain)
            return;
        double[] partial = ArrayPool<double>.Shared.Rent(Math.Max(chunks, 1));
        fixed (SumPart<T>* all = parts)
        fixed (double* p = partial)
            Workers.Run(chunks, new SumsChunks<T>(new(all, parts.Length), new(p, chunks)));
        for (int i = 0; i < parts.Length; i++)
        {
            double sum = 0;
            int end = i + 1 < parts.Length ? parts[i + 1].FirstChunk : chunks;
            for (int chunk = parts[i].FirstChunk; chunk < end; chunk++)
                sum += partial[chunk];
            sums[i] = sum;
        }

        ArrayPool<double>.Shared.Return(partial);
    }

    /// <summary>A span, and how many chunks those before it have.</summary>
    private readonly record struct SumPart<T>(int FirstChunk, SharedSpan<T> Input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    private readonly struct SumsChunks<T>(SharedSpan<SumPart<T>> parts, SharedSpan<double> partial) : IChunkBody
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int chunk)
        {
            ReadOnlySpan<SumPart<T>> all = parts.Span;
            int low = 0;
            int high = all.Length;
            while (high - low > 1)
            {
                int middle = (low + high) / 2;
                if (all[middle].FirstChunk <= chunk)
                    low = middle;
                else
                    high = middle;
            }

            // Those without elements have no chunk: the last one that begins here has it.
            SumPart<T> part = all[low];
            partial.Span[chunk] = SumChunks<T>.Of(part.Input.Span, chunk - part.FirstChunk, squared: true);
        }
    }
}
