using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>Dropout (Srivastava et al. 2014), scaled at training time; the mask is a function of key and element index.</summary>
public static unsafe class Dropout
{
    // Words and mask of a stretch stay in the first-level cache.
    private const int Stretch = 1024;

    /// <summary>
    /// yᵢ = xᵢ / (1 − rate) where the element is kept, else 0. Element i is kept where its 32 random bits are ≥ rate · 2³².
    /// The same function with the same key is its own backward: ∂L/∂x = Forward(∂L/∂y).
    /// </summary>
    /// <param name="input">x.</param>
    /// <param name="rate">Probability of dropping an element, 0 ≤ rate &lt; 1.</param>
    /// <param name="key">Names the mask.</param>
    /// <param name="output">y; may be the input's memory.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, 1 or more, or NaN.</exception>
    public static void Forward<T>(ReadOnlySpan<T> input, T rate, RandomKey key, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(input), input.Length, output.Length);
        DropoutMask<T> mask = new(rate, key);
        if (Execution.Plain)
        {
            for (int i = 0; i < output.Length; i++)
                output[i] = mask.Of(input[i], i);
            return;
        }
        fixed (T* x = input, y = output)
            Ranges.Run<T, Kernel<T>>(output.Length, 1, new(new(x, input.Length), mask, new(y, output.Length)));
    }

    /// <summary>The mask of elements <paramref name="firstElement"/> and on: true = kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, 1 or more, or NaN, or the elements are beyond those that a key serves.</exception>
    public static void Mask<T>(RandomKey key, T rate, long firstElement, Span<bool> keep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        uint threshold = Threshold(rate);
        Philox.CheckRange(firstElement, keep.Length);
        Mask(key, threshold, firstElement, keep);
    }

    /// <summary>1 / (1 − rate), the factor of the kept elements.</summary>
    public static T Scale<T>(T rate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.One / (T.One - rate);

    /// <summary>rate · 2³²: an element is dropped where its random bits are below.</summary>
    internal static uint Threshold<T>(T rate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!(rate >= T.Zero && rate < T.One))
            throw new ArgumentOutOfRangeException(nameof(rate), Check.Text($"A dropout rate is at least 0 and below 1, not {rate}."));
        return (uint)(double.CreateTruncating(rate) * 4294967296.0);
    }

    [SkipLocalsInit]
    private static void Mask(RandomKey key, uint threshold, long firstElement, Span<bool> keep)
    {
        Span<uint> buffer = stackalloc uint[Stretch];
        for (int start = 0; start < keep.Length; start += Stretch)
        {
            Span<bool> part = keep.Slice(start, Math.Min(Stretch, keep.Length - start));
            Span<uint> words = buffer[..part.Length];
            Philox.FillUInt32(key, firstElement + start, words);
            AtLeast(words, threshold, part);
        }
    }

    /// <summary>keepᵢ = wordᵢ ≥ threshold. Sixteen at a time: 128-bit vectors, which every machine has, hold their sixteen bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AtLeast(ReadOnlySpan<uint> words, uint threshold, Span<bool> keep)
    {
        Vector128<uint> limit = Vector128.Create(threshold);
        Span<byte> bytes = MemoryMarshal.AsBytes(keep);
        int i = 0;
        for (; i <= words.Length - 16; i += 16)
        {
            ref readonly uint word = ref words[i];
            Vector128<ushort> lower = Vector128.Narrow(
                Vector128.GreaterThanOrEqual(Vector128.LoadUnsafe(in word), limit), Vector128.GreaterThanOrEqual(Vector128.LoadUnsafe(in word, 4), limit));
            Vector128<ushort> upper = Vector128.Narrow(
                Vector128.GreaterThanOrEqual(Vector128.LoadUnsafe(in word, 8), limit), Vector128.GreaterThanOrEqual(Vector128.LoadUnsafe(in word, 12), limit));
            (Vector128.Narrow(lower, upper) & Vector128<byte>.One).StoreUnsafe(ref bytes[i]);
        }
        for (; i < words.Length; i++)
            keep[i] = words[i] >= threshold;
    }

    private readonly struct Kernel<T>(SharedSpan<T> input, DropoutMask<T> mask, SharedSpan<T> output) : IRangeKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<V, S>(int start, int end)
            where V : struct
            where S : ISimd<V, T> =>
            DropoutLoops.Drop<V, S, T>(input.Span[start..end], mask, start, output.Span[start..end]);
    }
}
