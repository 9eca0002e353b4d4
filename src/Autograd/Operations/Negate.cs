using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise negation, y = −x.</summary>
internal sealed class Negate(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Shape;

    // yᵢ = −xᵢ
    protected override void Forward<T>(Span<T> y) => Elementwise.Negate(Values<T>(x), y);

    // ∂L/∂xᵢ += −∂L/∂yᵢ
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Elementwise.Negate(dy, ContributionTo<T>(x));
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise −x.</summary>
    public Tensor Negate() => new Negate(this).Apply();

    /// <inheritdoc cref="Negate"/>
    public static Tensor operator -(Tensor x) => new Negate(x).Apply();
}
