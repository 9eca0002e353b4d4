using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise natural logarithm, y = ln x.</summary>
internal sealed class Log(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Shape;

    // yᵢ = ln xᵢ
    protected override void Forward<T>(Span<T> y) => Elementwise.Log(Values<T>(x), y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ / xᵢ
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Elementwise.Divide(dy, Values<T>(x), ContributionTo<T>(x));
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise natural logarithm; −∞ at 0, NaN below.</summary>
    public Tensor Log() => new Log(this).Apply();
}
