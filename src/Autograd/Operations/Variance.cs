namespace Transformer.Autograd;

/// <summary>Attributes of a variance.</summary>
/// <param name="Reduction">The axes.</param>
/// <param name="Correction">What is subtracted from n in the divisor: 0 for the population's variance, 1 for the sample's.</param>
public sealed record VarianceAttributes(ReductionAttributes Reduction, int Correction)
{
    /// <summary>n − c, and not below 0.</summary>
    internal int Divisor(int count) => Math.Max(count - Correction, 0);
}

/// <summary>Variance over axes, y = Σ (x − μ)² / (n − c), from deviations (never E[x²] − E[x]²).</summary>
internal sealed class Variance(Tensor x, VarianceAttributes attributes) : ReductionOperation(x, attributes.Reduction)
{
    public override object Attributes => attributes;

    private Tensor Means => Save("mean", Output.Shape);

    // μ = Σⱼ xⱼ / n        y = Σⱼ (xⱼ − μ)² / (n − c)
    protected override void Forward<T>(Span<T> y) =>
        Kernels.Reduction.Variance(
            Values<T>(X), Means.WritableValues<T>(), y, Outer, Reduced, Inner, attributes.Correction);

    // ∂L/∂xⱼ += ∂L/∂y 2 (xⱼ − μ) / (n − c)        (μ's own share is 0, for Σⱼ (xⱼ − μ) = 0)
    protected override void Backward<T>(ReadOnlySpan<T> dy) =>
        Kernels.Reduction.VarianceGradient(
            Values<T>(X), Values<T>(Means), dy, ContributionTo<T>(X), Outer, Reduced, Inner, attributes.Correction);

    protected internal override Tensor Composed()
    {
        Tensor mean = new Mean(X, attributes.Reduction with { KeepAxes = true }).Apply();
        Tensor deviation = X - mean;
        return new Sum(deviation * deviation, attributes.Reduction).Apply() / attributes.Divisor(Reduced);
    }
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>The population's variance over the given axes; none means all of them.</summary>
    /// <inheritdoc cref="Variance(ReadOnlySpan{int}, bool, int)"/>
    public Tensor Variance(params ReadOnlySpan<int> axes) => Variance(axes, keepAxes: false, correction: 0);

    /// <summary>
    /// Variance over the given axes (none means all) with divisor n − <paramref name="correction"/>: 0 as in layer
    /// normalization, 1 for the unbiased estimate, which is PyTorch's default. NaN or ∞ where n does not exceed the correction.
    /// </summary>
    /// <exception cref="ArgumentException">An axis does not exist, or is named twice.</exception>
    public Tensor Variance(ReadOnlySpan<int> axes, bool keepAxes, int correction = 0) =>
        ReductionOperation.Reduce(
            this, axes, keepAxes, (x, reduction) => new Variance(x, new VarianceAttributes(reduction, correction)));
}
