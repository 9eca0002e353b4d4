using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Attributes of a layer normalization.</summary>
/// <param name="Epsilon">Added to the variance under the root.</param>
public sealed record LayerNormAttributes(double Epsilon);

/// <summary>
/// Layer normalization over the last axis (Ba et al. 2016, section 3): y = γ ⊙ (x − μ) / √(σ² + ε) + β, with the
/// population's variance σ².
/// </summary>
internal sealed class LayerNorm(Tensor x, Tensor weight, Tensor bias, LayerNormAttributes attributes) : Operation(x, weight, bias)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape
    {
        get
        {
            if (x.Rank == 0 || !weight.Shape.Is(x.Shape[-1]) || !bias.Shape.Equals(weight.Shape))
                throw ShapeError($"x is [.., size], weight and bias are [size], not x {x.Shape}, weight {weight.Shape}, bias {bias.Shape}");
            return x.Shape;
        }
    }

    // Rows without elements have neither mean nor deviation.
    private bool IsEmpty => x.Shape[-1] == 0;

    private Shape RowShape => x.Shape.Leading(x.Rank - 1);

    private Tensor Mean => Save("mean", RowShape);

    private Tensor InverseDeviation => Save("inverseDeviation", RowShape);

    // y = γ x̂ + β,  x̂ = (x − μ) / √(σ² + ε),  μ = Σⱼ xⱼ / n,  σ² = Σⱼ (xⱼ − μ)² / n
    protected override void Forward<T>(Span<T> y)
    {
        if (IsEmpty)
            return;
        LayerNormalization.Forward(
            Values<T>(x), Values<T>(weight), Values<T>(bias), T.CreateChecked(attributes.Epsilon), y,
            Mean.WritableValues<T>(), InverseDeviation.WritableValues<T>(), x.Shape[-1]);
    }

    // ∂L/∂x += (g − mean(g) − x̂ mean(g ⊙ x̂)) / √(σ² + ε),  g = γ ⊙ ∂L/∂y
    // ∂L/∂γ += Σ over rows of ∂L/∂y ⊙ x̂        ∂L/∂β += Σ over rows of ∂L/∂y
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Needs(x) ? ContributionTo<T>(x) : [];
        Span<T> dWeight = Needs(weight) ? ContributionTo<T>(weight) : [];
        Span<T> dBias = Needs(bias) ? ContributionTo<T>(bias) : [];
        if (IsEmpty)
            return;
        LayerNormalization.Backward(
            Values<T>(x), Values<T>(weight), Values<T>(Mean), Values<T>(InverseDeviation), dy,
            dx, dWeight, dBias, x.Shape[-1]);
    }

    protected internal override Tensor? Composed()
    {
        if (IsEmpty)
            return null;
        Tensor centered = x - x.Mean([-1], keepAxes: true);
        Tensor variance = (centered * centered).Mean([-1], keepAxes: true);
        Tensor normalized = centered / (variance + attributes.Epsilon).Sqrt();
        return normalized * weight + bias;
    }
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Layer normalization over the last axis.</summary>
    /// <param name="weight">γ, [size].</param>
    /// <param name="bias">β, [size].</param>
    /// <param name="epsilon">Added to the variance under the root.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Tensor LayerNorm(Tensor weight, Tensor bias, double epsilon = 1e-5) =>
        new LayerNorm(this, weight, bias, new LayerNormAttributes(epsilon)).Apply();
}
