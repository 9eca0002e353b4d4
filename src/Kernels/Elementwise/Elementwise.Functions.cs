using System.Numerics;

namespace Transformer.Kernels;

public static partial class Elementwise
{
    /// <summary>yᵢ = −xᵢ.</summary>
    public static void Negate<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(NegateFormula<T>), input, output);

    /// <summary>yᵢ = exp xᵢ.</summary>
    public static void Exp<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(ExpFormula<T>), input, output);

    /// <summary>yᵢ = ln xᵢ: −∞ at 0, NaN below.</summary>
    public static void Log<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(LogFormula<T>), input, output);

    /// <summary>yᵢ = √xᵢ.</summary>
    public static void Sqrt<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(SqrtFormula<T>), input, output);

    /// <summary>yᵢ = |xᵢ|.</summary>
    public static void Abs<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(AbsFormula<T>), input, output);

    /// <summary>yᵢ = tanh xᵢ.</summary>
    public static void Tanh<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(TanhFormula<T>), input, output);

    /// <summary>yᵢ = 1 / (1 + exp(−xᵢ)).</summary>
    public static void Sigmoid<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(SigmoidFormula<T>), input, output);

    /// <summary>The error function, yᵢ = 2/√π ∫₀ˣ exp(−t²) dt.</summary>
    public static void Erf<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(ErfFormula<T>), input, output);

    /// <summary>yᵢ = max(xᵢ, 0); NaN stays NaN.</summary>
    public static void Relu<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(ReluFormula<T>), input, output);

    /// <summary>Gaussian error linear unit in its exact form, yᵢ = xᵢ Φ(xᵢ) with Φ(x) = ½ (1 + erf(x/√2)) (Hendrycks and Gimpel 2016).</summary>
    public static void Gelu<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(GeluFormula<T>), input, output);

    /// <summary><see cref="Gelu"/> and its derivative Φ(xᵢ) + xᵢ φ(xᵢ) at once: they have the costly part in common.</summary>
    public static void GeluWithSlope<T>(ReadOnlySpan<T> input, Span<T> output, Span<T> slope)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        GeluWithSlopeKernel<T>.Apply(input, output, slope);

    /// <summary>The tanh form of GELU, yᵢ = ½ xᵢ (1 + tanh(√(2/π) (xᵢ + 0.044715 xᵢ³))) (Hendrycks and Gimpel 2016, section 2).</summary>
    public static void GeluTanh<T>(ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(GeluTanhFormula<T>), input, output);

    /// <summary>yᵢ = xᵢᵖ for one exponent p; 2, 3, ½, −1 and −½ need no general power.</summary>
    public static void Power<T>(ReadOnlySpan<T> input, T exponent, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        PowerKernel.Forward(input, exponent, output);
}
