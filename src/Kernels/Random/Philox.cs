using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// Philox 4×32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011): random numbers that are a
/// function of a key and an element index, so that any element can be drawn on its own, in any order, on any thread.
/// One block is four 32-bit words; word i mod 4 of block i / 4 belongs to element i. The counter words are
/// (i / 4, stream, step, micro-batch), the key words are the low and high half of the seed.
/// </summary>
public static class Philox
{
    /// <summary>The number of elements that one key serves: 2³⁴ (a 32-bit counter of blocks of four).</summary>
    public const long MaximumElements = 1L << 34;

    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;

    // The key grows by these from round to round: the golden ratio and √3 − 1 as fractions of 2³².
    internal const uint KeyStep0 = 0x9E3779B9;
    internal const uint KeyStep1 = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>One block of four words, from four counter words and two key words.</summary>
    public static (uint Word0, uint Word1, uint Word2, uint Word3) Block(uint counter0, uint counter1, uint counter2, uint counter3, uint key0, uint key1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * counter0;
            ulong product1 = (ulong)Multiplier1 * counter2;
            counter0 = (uint)(product1 >> 32) ^ counter1 ^ key0;
            counter1 = (uint)product1;
            counter2 = (uint)(product0 >> 32) ^ counter3 ^ key1;
            counter3 = (uint)product0;
            key0 += KeyStep0;
            key1 += KeyStep1;
        }
        return (counter0, counter1, counter2, counter3);
    }

    /// <summary>The 32 random bits of one element.</summary>
    public static uint UInt32At(RandomKey key, long element)
    {
        CheckRange(element, 1);
        (uint word0, uint word1, uint word2, uint word3) = BlockAt(key, (uint)(element / 4));
        return (element % 4) switch { 0 => word0, 1 => word1, 2 => word2, _ => word3 };
    }

    /// <summary>The 32 random bits of each element from <paramref name="firstElement"/> on.</summary>
    public static void FillUInt32(RandomKey key, long firstElement, Span<uint> output)
    {
        CheckRange(firstElement, output.Length);
        if (Execution.Plain)
        {
            for (int i = 0; i < output.Length; i++)
                output[i] = UInt32At(key, firstElement + i);
            return;
        }

        // The blocks that lie wholly inside are made in place; the edges are cut out of blocks of their own.
        int head = (int)Math.Min((4 - (firstElement % 4)) % 4, output.Length);
        int whole = (output.Length - head) / 4 * 4;
        for (int i = 0; i < head; i++)
            output[i] = UInt32At(key, firstElement + i);
        PhiloxVectors.FillBlocks(key, (uint)((firstElement + head) / 4), output.Slice(head, whole));
        for (int i = head + whole; i < output.Length; i++)
            output[i] = UInt32At(key, firstElement + i);
    }

    /// <summary>
    /// Uniform numbers in [0, 1): float from the upper 24 bits of the element's word; double from 53 bits of two words, those of
    /// elements 2i and 2i + 1.
    /// </summary>
    public static void FillUniform<T>(RandomKey key, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<uint> buffer = stackalloc uint[1024];
        int wordsPerElement = typeof(T) == typeof(float) ? 1 : 2;
        int stretch = buffer.Length / wordsPerElement;
        for (int start = 0; start < output.Length; start += stretch)
        {
            Span<T> part = output.Slice(start, Math.Min(stretch, output.Length - start));
            Span<uint> words = buffer[..(part.Length * wordsPerElement)];
            FillUInt32(key, (long)start * wordsPerElement, words);
            for (int i = 0; i < part.Length; i++)
                part[i] = wordsPerElement == 1 ? Uniform<T>(0, words[i]) : Uniform<T>(words[2 * i], words[(2 * i) + 1]);
        }
    }

    /// <summary>The uniform number of one element, as <see cref="FillUniform"/> draws it.</summary>
    public static T UniformAt<T>(RandomKey key, long element)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return typeof(T) == typeof(float)
            ? Uniform<T>(0, UInt32At(key, element))
            : Uniform<T>(UInt32At(key, 2 * element), UInt32At(key, (2 * element) + 1));
    }

    private static T Uniform<T>(uint lower, uint upper)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? T.CreateTruncating((upper >> 8) * (1f / (1 << 24)))
            : T.CreateTruncating(((((ulong)upper << 32) | lower) >> 11) * (1.0 / (1L << 53)));

    /// <summary>
    /// Normal numbers by Box and Muller (1958): elements 2i and 2i + 1 are r cos θ and r sin θ with r = √(−2 ln(1 − u)), θ = 2πv,
    /// from the uniform numbers u and v of these two elements; computed in double.
    /// </summary>
    public static void FillNormal<T>(RandomKey key, T mean, T deviation, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < output.Length; i += 2)
        {
            // 1 − u lies in (0, 1], so that the logarithm is finite.
            double radius = Math.Sqrt(-2 * Math.Log(1 - double.CreateTruncating(UniformAt<T>(key, i))));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * double.CreateTruncating(UniformAt<T>(key, i + 1)));
            output[i] = mean + (deviation * T.CreateTruncating(radius * cosine));
            if (i + 1 < output.Length)
                output[i + 1] = mean + (deviation * T.CreateTruncating(radius * sine));
        }
    }

    internal static (uint Word0, uint Word1, uint Word2, uint Word3) BlockAt(RandomKey key, uint block) =>
        Block(block, key.Stream, key.Step, key.MicroBatch, (uint)key.Seed, (uint)(key.Seed >> 32));

    internal static void CheckRange(long firstElement, long count)
    {
        if (firstElement < 0 || firstElement > MaximumElements - count)
            throw new ArgumentOutOfRangeException(nameof(firstElement), Check.Text($"Elements {firstElement} to {firstElement + count - 1} are outside the {MaximumElements} that a key serves."));
    }
}
