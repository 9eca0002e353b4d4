using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>GELU in its tanh form, y = ½ x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³) (Hendrycks and Gimpel 2016, section 2).</summary>
internal sealed class GeluTanh(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Shape;

    // yᵢ = ½ xᵢ (1 + tanh uᵢ)
    protected override void Forward<T>(Span<T> y) => Elementwise.GeluTanh(Values<T>(x), y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ (½ (1 + tanh uᵢ) + ½ xᵢ (1 − tanh² uᵢ) uᵢ′)        u′ = √(2/π) (1 + 3 · 0.044715 x²)
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Elementwise.GeluTanhGradient(Values<T>(x), dy, ContributionTo<T>(x));

    protected internal override Tensor Composed()
    {
        Tensor u = (x + (x.Power(3) * 0.044715)) * Math.Sqrt(2 / Math.PI);
        return x * 0.5 * (u.Tanh() + 1);
    }
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise GELU in the form with tanh.</summary>
    public Tensor GeluTanh() => new GeluTanh(this).Apply();
}
