using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise power with a fixed exponent, y = xᵖ.</summary>
internal sealed class Power(Tensor x, PowerAttributes attributes) : Operation(x)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape => x.Shape;

    // yᵢ = xᵢᵖ
    protected override void Forward<T>(Span<T> y) => Elementwise.Power(Values<T>(x), T.CreateSaturating(attributes.Exponent), y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ p xᵢᵖ⁻¹
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Elementwise.PowerGradient(Values<T>(x), T.CreateSaturating(attributes.Exponent), dy, ContributionTo<T>(x));
}

/// <summary>Attributes of a power.</summary>
/// <param name="Exponent">The exponent p.</param>
public sealed record PowerAttributes(double Exponent);

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise xᵖ; NaN where x is below 0 and p is no integer.</summary>
    public Tensor Power(double exponent) => new Power(this, new PowerAttributes(exponent)).Apply();
}
