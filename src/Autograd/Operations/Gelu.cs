using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Gaussian error linear unit, y = x Φ(x) with Φ(x) = ½ (1 + erf(x / √2)) (Hendrycks and Gimpel 2016, section 2).</summary>
internal sealed class Gelu(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Shape;

    // yᵢ = xᵢ Φ(xᵢ)
    protected override void Forward<T>(Span<T> y) => Elementwise.Gelu(Values<T>(x), y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ (Φ(xᵢ) + xᵢ φ(xᵢ))        φ(x) = exp(−x²/2) / √2π
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Elementwise.GeluGradient(Values<T>(x), dy, ContributionTo<T>(x));

    protected internal override Tensor Composed() => x * (((x / Math.Sqrt(2)).Erf() + 1) * 0.5);
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise GELU, the exact form with erf.</summary>
    public Tensor Gelu() => new Gelu(this).Apply();
}
