using System.Numerics;

namespace Transformer.Kernels;

public static partial class Elementwise
{
    /// <summary>yᵢ = aᵢ where the condition is true, else bᵢ. All three may be repeated.</summary>
    public static void Select<T>(ReadOnlySpan<bool> condition, ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Repeats(nameof(condition), condition.Length, output.Length);
        Check.Repeats(nameof(left), left.Length, output.Length);
        Check.Repeats(nameof(right), right.Length, output.Length);
        for (int i = 0; i < output.Length; i++)
            output[i] = condition[i % condition.Length] ? left[i % left.Length] : right[i % right.Length];
    }

    /// <summary>yᵢ = xᵢ where <paramref name="keep"/> is true (it may be repeated), else the value.</summary>
    public static void MaskedFill<T>(ReadOnlySpan<T> input, ReadOnlySpan<bool> keep, T value, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(input), input.Length, output.Length);
        Check.Repeats(nameof(keep), keep.Length, output.Length);
        for (int i = 0; i < output.Length; i++)
            output[i] = keep[i % keep.Length] ? input[i] : value;
    }
}
