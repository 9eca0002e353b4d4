using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise hyperbolic tangent, y = tanh x.</summary>
internal sealed class Tanh(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Shape;

    // yᵢ = tanh xᵢ
    protected override void Forward<T>(Span<T> y) => Elementwise.Tanh(Values<T>(x), y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ (1 − yᵢ²)
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Elementwise.TanhGradient(Values<T>(Output), dy, ContributionTo<T>(x));
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise tanh x.</summary>
    public Tensor Tanh() => new Tanh(this).Apply();
}
