using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Mean over axes, y = Σ x / n.</summary>
internal sealed class Mean(Tensor x, ReductionAttributes attributes) : ReductionOperation(x, attributes)
{
    // y = Σⱼ xⱼ / n
    protected override void Forward<T>(Span<T> y) =>
        Reduction.Mean(Values<T>(X), y, Outer, Reduced, Inner);

    // ∂L/∂xⱼ += ∂L/∂y / n
    protected override void Backward<T>(ReadOnlySpan<T> dy) =>
        Reduction.SumGradient(dy, T.One / T.CreateChecked(Reduced), ContributionTo<T>(X), Outer, Reduced, Inner);
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Mean over the given axes; NaN over no elements. No axes means all of them.</summary>
    /// <exception cref="ArgumentException">An axis does not exist, or is named twice.</exception>
    public Tensor Mean(params ReadOnlySpan<int> axes) => Mean(axes, keepAxes: false);

    /// <inheritdoc cref="Mean(ReadOnlySpan{int})"/>
    public Tensor Mean(ReadOnlySpan<int> axes, bool keepAxes) =>
        ReductionOperation.Reduce(this, axes, keepAxes, static (x, attributes) => new Mean(x, attributes));
}
