using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Multiplication by a number, y = s x.</summary>
internal sealed class Scale(Tensor x, ScaleAttributes attributes) : Operation(x)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape => x.Shape;

    // yᵢ = s xᵢ
    protected override void Forward<T>(Span<T> y) => Elementwise.Scale(Values<T>(x), T.CreateSaturating(attributes.Factor), y);

    // ∂L/∂xᵢ += s ∂L/∂yᵢ
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Elementwise.Scale(dy, T.CreateSaturating(attributes.Factor), ContributionTo<T>(x));
}

/// <summary>Attributes of a scaling.</summary>
/// <param name="Factor">The number that multiplies every element.</param>
public sealed record ScaleAttributes(double Factor);

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Multiplies every element by a number.</summary>
    public Tensor Scale(double factor) => new Scale(this, new ScaleAttributes(factor)).Apply();

    /// <inheritdoc cref="Scale"/>
    public static Tensor operator *(Tensor x, double factor) => x.Scale(factor);

    /// <inheritdoc cref="Scale"/>
    public static Tensor operator *(double factor, Tensor x) => x.Scale(factor);
}
