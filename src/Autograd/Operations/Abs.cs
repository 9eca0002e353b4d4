using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise absolute value, y = |x|.</summary>
internal sealed class Abs(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Shape;

    // yᵢ = |xᵢ|
    protected override void Forward<T>(Span<T> y) => Elementwise.Abs(Values<T>(x), y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ sign(xᵢ)        (0 at xᵢ = 0)
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Elementwise.AbsGradient(Values<T>(x), dy, ContributionTo<T>(x));
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise |x|; its derivative at 0 is taken as 0.</summary>
    public Tensor Abs() => new Abs(this).Apply();
}
