using System.Numerics;

namespace Transformer.Kernels;

/// <summary>Applies an element-wise formula to whole spans: checks them, and runs the plain loop or the vector kernel.</summary>
internal static unsafe class Map
{
    public static void Apply<T, F>(F formula, ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where F : struct, IFormula1<T>
    {
        Check.Length(nameof(input), input.Length, output.Length);
        if (Execution.Plain)
        {
            for (int i = 0; i < output.Length; i++)
                output[i] = formula.Of(input[i]);
            return;
        }
        fixed (T* x = input, y = output)
            Ranges.Run<T, Map1<T, F>>(output.Length, 1, new(formula, new(x, input.Length), new(y, output.Length)));
    }

    public static void Apply<T, F>(F formula, ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where F : struct, IFormula2<T>
    {
        Check.Repeats(nameof(left), left.Length, output.Length);
        Check.Repeats(nameof(right), right.Length, output.Length);
        if (Execution.Plain)
        {
            for (int i = 0; i < output.Length; i++)
                output[i] = formula.Of(left[i % left.Length], right[i % right.Length]);
            return;
        }
        fixed (T* a = left, b = right, y = output)
            Ranges.Run<T, Map2<T, F>>(output.Length, 1, new(formula, new(a, left.Length), new(b, right.Length), new(y, output.Length)));
    }

    public static void Apply<T, F>(F formula, ReadOnlySpan<T> first, ReadOnlySpan<T> second, ReadOnlySpan<T> third, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where F : struct, IFormula3<T>
    {
        Check.Repeats(nameof(first), first.Length, output.Length);
        Check.Repeats(nameof(second), second.Length, output.Length);
        Check.Repeats(nameof(third), third.Length, output.Length);
        if (Execution.Plain)
        {
            for (int i = 0; i < output.Length; i++)
                output[i] = formula.Of(first[i % first.Length], second[i % second.Length], third[i % third.Length]);
            return;
        }
        fixed (T* a = first, b = second, c = third, y = output)
        {
            Ranges.Run<T, Map3<T, F>>(
                output.Length, 1, new(formula, new(a, first.Length), new(b, second.Length), new(c, third.Length), new(y, output.Length)));
        }
    }
}
