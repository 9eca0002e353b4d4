using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// The mask of <see cref="Dropout.Forward"/> inside a kernel that has something else to do with the elements as well. The random words of a
/// stretch are made in a buffer on the stack, right before the loop that compares them with the threshold; no mask is kept in memory.
/// </summary>
internal readonly struct DropoutMask<T>(T rate, RandomKey key)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements whose words are made at a time: these and what is computed from them stay in the first-level cache.</summary>
    public const int Stretch = 1024;

    /// <summary>Words in the buffer of <see cref="Words"/>: up to 3 of the first block lie before the stretch, and loops read whole vectors.</summary>
    public const int BufferLength = Stretch + (2 * WordsAtATime);

    // A multiple of the words that Philox makes at a time, at every width.
    private const int WordsAtATime = 64;

    /// <summary>False for a rate of 0: nothing is dropped, and no random numbers are needed.</summary>
    public bool Draws { get; } = rate != T.Zero;

    /// <summary>An element is kept where its word is at least this.</summary>
    public uint Threshold { get; } = Dropout.Threshold(rate);

    /// <summary>The factor of the kept elements.</summary>
    public T Scale { get; } = Dropout.Scale(rate);

    /// <summary>Dropout of one element, for the plain references.</summary>
    public T Of(T value, long element) => Philox.UInt32At(key, element) >= Threshold ? value * Scale : T.Zero;

    /// <summary>
    /// The words of the elements from <paramref name="first"/> on: at least <paramref name="length"/>, at most <see cref="Stretch"/>, and behind
    /// them as much of the buffer as the rest of a vector reads.
    /// </summary>
    public ReadOnlySpan<uint> Words(int first, int length, Span<uint> buffer)
    {
        int before = first % 4;
        int count = (before + length + WordsAtATime - 1) / WordsAtATime * WordsAtATime;
        PhiloxVectors.FillBlocks(key, (uint)(first / 4), buffer[..count]);
        return buffer[before..];
    }
}
