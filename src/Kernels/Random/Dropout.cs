using System.Numerics;

namespace Transformer.Kernels;

/// <summary>Dropout (Srivastava et al. 2014), scaled at training time; the mask is a function of key and element index.</summary>
public static class Dropout
{
    /// <summary>
    /// yᵢ = xᵢ / (1 − rate) where the element is kept, else 0. Element i is kept where its 32 random bits are ≥ rate · 2³².
    /// The same function with the same key is its own backward: ∂L/∂x = Forward(∂L/∂y).
    /// </summary>
    /// <param name="input">x.</param>
    /// <param name="rate">Probability of dropping an element, 0 ≤ rate &lt; 1.</param>
    /// <param name="key">Names the mask.</param>
    /// <param name="output">y; may be the input's memory.</param>
    public static void Forward<T>(ReadOnlySpan<T> input, T rate, RandomKey key, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(input), input.Length, output.Length);
        uint threshold = Threshold(rate);
        T scale = Scale(rate);
        for (int i = 0; i < output.Length; i++)
            output[i] = Philox.UInt32At(key, i) >= threshold ? input[i] * scale : T.Zero;
    }

    /// <summary>The mask of elements <paramref name="firstElement"/> and on: true = kept.</summary>
    public static void Mask<T>(RandomKey key, T rate, long firstElement, Span<bool> keep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        uint threshold = Threshold(rate);
        Philox.CheckRange(firstElement, keep.Length);
        for (int i = 0; i < keep.Length; i++)
            keep[i] = Philox.UInt32At(key, firstElement + i) >= threshold;
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
}
