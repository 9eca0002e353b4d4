using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise square root, y = √x.</summary>
internal sealed class Sqrt(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Shape;

    // yᵢ = √xᵢ
    protected override void Forward<T>(Span<T> y) => Elementwise.Sqrt(Values<T>(x), y);

    // ∂L/∂xᵢ += ½ ∂L/∂yᵢ / yᵢ
    protected override void Backward<T>(ReadOnlySpan<T> dy) =>
        Elementwise.SqrtGradient(Values<T>(Output), dy, ContributionTo<T>(x));
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise √x; NaN below 0.</summary>
    public Tensor Sqrt() => new Sqrt(this).Apply();
}
