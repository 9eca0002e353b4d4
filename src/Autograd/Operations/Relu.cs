using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Rectified linear unit, y = max(0, x) (Nair and Hinton 2010).</summary>
internal sealed class Relu(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Shape;

    // yᵢ = max(0, xᵢ)
    protected override void Forward<T>(Span<T> y) => Elementwise.Relu(Values<T>(x), y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ where xᵢ > 0, else 0
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Elementwise.ReluGradient(Values<T>(x), dy, ContributionTo<T>(x));
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise max(0, x); its derivative at 0 is taken as 0.</summary>
    public Tensor Relu() => new Relu(this).Apply();
}
