using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Largest element over axes; the gradient is shared evenly among equal largest elements.</summary>
internal sealed class Max(Tensor x, ReductionAttributes attributes) : ReductionOperation(x, attributes)
{
    protected override Shape OutputShape =>
        Reduced > 0 ? base.OutputShape : throw ShapeError($"{X.Shape} has no largest element, the axes to reduce are empty");

    // y = maxⱼ xⱼ
    protected override void Forward<T>(Span<T> y) =>
        Reduction.Max(Values<T>(X), y, Outer, Reduced, Inner);

    // ∂L/∂xⱼ += ∂L/∂y / (number of elements equal to y) where xⱼ = y, else 0
    protected override void Backward<T>(ReadOnlySpan<T> dy) =>
        Reduction.MaxGradient(Values<T>(X), Values<T>(Output), dy, ContributionTo<T>(X), Outer, Reduced, Inner);
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Largest element over the given axes. No axes means all of them.</summary>
    /// <exception cref="ArgumentException">An axis does not exist, or is named twice.</exception>
    public Tensor Max(params ReadOnlySpan<int> axes) => Max(axes, keepAxes: false);

    /// <inheritdoc cref="Max(ReadOnlySpan{int})"/>
    public Tensor Max(ReadOnlySpan<int> axes, bool keepAxes) =>
        ReductionOperation.Reduce(this, axes, keepAxes, static (x, attributes) => new Max(x, attributes));
}
