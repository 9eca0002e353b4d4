using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise logistic function, y = 1 / (1 + e⁻ˣ).</summary>
internal sealed class Sigmoid(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Shape;

    // yᵢ = 1 / (1 + exp(−xᵢ))
    protected override void Forward<T>(Span<T> y) => Elementwise.Sigmoid(Values<T>(x), y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ yᵢ (1 − yᵢ)
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Elementwise.SigmoidGradient(Values<T>(Output), dy, ContributionTo<T>(x));
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise 1 / (1 + e⁻ˣ).</summary>
    public Tensor Sigmoid() => new Sigmoid(this).Apply();
}
