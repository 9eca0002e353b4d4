using System.Numerics;

namespace Transformer.Kernels;

public static partial class Elementwise
{
    /// <summary>∂L/∂xᵢ = ∂L/∂yᵢ (1 − yᵢ²), from the output y = tanh x.</summary>
    public static void TanhGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(TanhGradientFormula<T>), output, outputGradient, inputGradient);

    /// <summary>∂L/∂xᵢ = ∂L/∂yᵢ yᵢ (1 − yᵢ), from the output y = sigmoid x.</summary>
    public static void SigmoidGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(SigmoidGradientFormula<T>), output, outputGradient, inputGradient);

    /// <summary>∂L/∂xᵢ = ∂L/∂yᵢ / (2 yᵢ), from the output y = √x.</summary>
    public static void SqrtGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(SqrtGradientFormula<T>), output, outputGradient, inputGradient);

    /// <summary>∂L/∂xᵢ = ∂L/∂yᵢ where xᵢ &gt; 0, else 0 (also at the kink, 0).</summary>
    public static void ReluGradient<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(ReluGradientFormula<T>), input, outputGradient, inputGradient);

    /// <summary>∂L/∂xᵢ = ∂L/∂yᵢ sign xᵢ; 0 at the kink, 0.</summary>
    public static void AbsGradient<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(AbsGradientFormula<T>), input, outputGradient, inputGradient);

    /// <summary>∂L/∂xᵢ = ∂L/∂yᵢ (Φ(xᵢ) + xᵢ φ(xᵢ)), φ the density of the standard normal distribution.</summary>
    public static void GeluGradient<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(GeluGradientFormula<T>), input, outputGradient, inputGradient);

    /// <summary>∂L/∂xᵢ = ∂L/∂yᵢ (s + 2 xᵢ s (1 − s) u′(xᵢ)), s = sigmoid(2u), u = √(2/π) (x + 0.044715 x³): the derivative of x s.</summary>
    public static void GeluTanhGradient<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(GeluTanhGradientFormula<T>), input, outputGradient, inputGradient);

    /// <summary>∂L/∂xᵢ = ∂L/∂yᵢ p xᵢᵖ⁻¹.</summary>
    public static void PowerGradient<T>(ReadOnlySpan<T> input, T exponent, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        PowerKernel.Backward(input, exponent, outputGradient, inputGradient);
}
