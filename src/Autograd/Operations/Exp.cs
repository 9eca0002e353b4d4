using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise exponential, y = eˣ.</summary>
internal sealed class Exp(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Shape;

    // yᵢ = exp(xᵢ)
    protected override void Forward<T>(Span<T> y) => Elementwise.Exp(Values<T>(x), y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ yᵢ
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Elementwise.Multiply(dy, Values<T>(Output), ContributionTo<T>(x));
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise eˣ.</summary>
    public Tensor Exp() => new Exp(this).Apply();
}
