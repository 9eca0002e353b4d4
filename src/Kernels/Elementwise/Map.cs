using System.Numerics;

namespace Transformer.Kernels;

/// <summary>Applies an element-wise formula to whole spans.</summary>
internal static class Map
{
    public static void Apply<T, F>(F formula, ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where F : struct, IFormula1<T>
    {
        Check.Length(nameof(input), input.Length, output.Length);
        for (int i = 0; i < output.Length; i++)
            output[i] = formula.Of(input[i]);
    }

    public static void Apply<T, F>(F formula, ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where F : struct, IFormula2<T>
    {
        Check.Repeats(nameof(left), left.Length, output.Length);
        Check.Repeats(nameof(right), right.Length, output.Length);
        for (int i = 0; i < output.Length; i++)
            output[i] = formula.Of(left[i % left.Length], right[i % right.Length]);
    }

    public static void Apply<T, F>(F formula, ReadOnlySpan<T> first, ReadOnlySpan<T> second, ReadOnlySpan<T> third, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where F : struct, IFormula3<T>
    {
        Check.Repeats(nameof(first), first.Length, output.Length);
        Check.Repeats(nameof(second), second.Length, output.Length);
        Check.Repeats(nameof(third), third.Length, output.Length);
        for (int i = 0; i < output.Length; i++)
            output[i] = formula.Of(first[i % first.Length], second[i % second.Length], third[i % third.Length]);
    }
}
