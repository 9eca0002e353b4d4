using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// Functions of every element on its own. The output may be the same memory as an input of its length.
/// An operand of two-operand functions may be shorter than the output when its length divides the output's: it is repeated
/// (a suffix shape such as a bias, or a scalar of length 1) and must then not overlap the output.
/// Other lengths throw <see cref="ArgumentException"/>.
/// </summary>
public static partial class Elementwise
{
    /// <summary>yᵢ = aᵢ + bᵢ.</summary>
    public static void Add<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(AddFormula<T>), left, right, output);

    /// <summary>yᵢ = aᵢ − bᵢ.</summary>
    public static void Subtract<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(SubtractFormula<T>), left, right, output);

    /// <summary>yᵢ = aᵢ bᵢ.</summary>
    public static void Multiply<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(MultiplyFormula<T>), left, right, output);

    /// <summary>yᵢ = aᵢ / bᵢ.</summary>
    public static void Divide<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(DivideFormula<T>), left, right, output);

    /// <summary>yᵢ = c xᵢ.</summary>
    public static void Scale<T>(ReadOnlySpan<T> input, T factor, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(new ScaleFormula<T>(factor), input, output);

    /// <summary>yᵢ += xᵢ.</summary>
    public static void Accumulate<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(AddFormula<T>), input, output, output);

    /// <summary>The derivative of y = a / b for its divisor: ∂L/∂bᵢ = −∂L/∂yᵢ yᵢ / bᵢ (for a it is <see cref="Divide"/> of ∂L/∂y by b).</summary>
    public static void DivideGradient<T>(ReadOnlySpan<T> right, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> rightGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(DivideGradientFormula<T>), right, output, outputGradient, rightGradient);
}
