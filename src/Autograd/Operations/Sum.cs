using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Sum over axes, y = Σ x.</summary>
internal sealed class Sum(Tensor x, ReductionAttributes attributes) : ReductionOperation(x, attributes)
{
    // y = Σⱼ xⱼ
    protected override void Forward<T>(Span<T> y) =>
        Reduction.Sum(Values<T>(X), y, Outer, Reduced, Inner);

    // ∂L/∂xⱼ += ∂L/∂y
    protected override void Backward<T>(ReadOnlySpan<T> dy) =>
        Reduction.SumGradient(dy, T.One, ContributionTo<T>(X), Outer, Reduced, Inner);
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Sum over the given axes. No axes means all of them.</summary>
    /// <exception cref="ArgumentException">An axis does not exist, or is named twice.</exception>
    public Tensor Sum(params ReadOnlySpan<int> axes) => Sum(axes, keepAxes: false);

    /// <inheritdoc cref="Sum(ReadOnlySpan{int})"/>
    public Tensor Sum(ReadOnlySpan<int> axes, bool keepAxes) =>
        ReductionOperation.Reduce(this, axes, keepAxes, static (x, attributes) => new Sum(x, attributes));
}
