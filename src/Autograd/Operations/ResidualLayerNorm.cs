using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Attributes of a residual connection with dropout and layer normalization.</summary>
/// <param name="Epsilon">Added to the variance under the root.</param>
/// <param name="Dropout">Dropout of the sublayer's result.</param>
public sealed record ResidualLayerNormAttributes(double Epsilon, DropoutAttributes Dropout);

/// <summary>
/// What follows each sublayer of the post-norm Transformer (Vaswani et al. 2017, sections 3.1 and 5.4):
/// y = LayerNorm(x + dropout(u)), where u is what the sublayer made.
/// </summary>
internal sealed class ResidualLayerNorm(Tensor x, Tensor sublayer, Tensor weight, Tensor bias, ResidualLayerNormAttributes attributes)
    : Operation(x, sublayer, weight, bias)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape
    {
        get
        {
            if (!sublayer.Shape.Equals(x.Shape))
                throw ShapeError($"x and the sublayer's result have one shape, not {x.Shape} and {sublayer.Shape}");
            if (x.Rank == 0 || !weight.Shape.Is(x.Shape[-1]) || !bias.Shape.Equals(weight.Shape))
                throw ShapeError($"x is [.., size], weight and bias are [size], not x {x.Shape}, weight {weight.Shape}, bias {bias.Shape}");
            return x.Shape;
        }
    }

    // Rows without elements have neither mean nor deviation.
    private bool IsEmpty => x.Shape[-1] == 0;

    private Shape RowShape => x.Shape.Leading(x.Rank - 1);

    private Tensor Sum => Save("sum", x.Shape);

    private Tensor Mean => Save("mean", RowShape);

    private Tensor InverseDeviation => Save("inverseDeviation", RowShape);

    // s = x + dropout(u)        y = γ ŝ + β,  ŝ = (s − μ) / √(σ² + ε),  μ = Σⱼ sⱼ / n,  σ² = Σⱼ (sⱼ − μ)² / n
    protected override void Forward<T>(Span<T> y)
    {
        if (IsEmpty)
            return;
        ResidualNormalization.Forward(
            Values<T>(x), Values<T>(sublayer), T.CreateChecked(attributes.Dropout.Rate), attributes.Dropout.Key,
            Values<T>(weight), Values<T>(bias), T.CreateChecked(attributes.Epsilon),
            Sum.WritableValues<T>(), y, Mean.WritableValues<T>(), InverseDeviation.WritableValues<T>(), x.Shape[-1]);
    }

    // ∂L/∂s = (g − mean(g) − ŝ mean(g ⊙ ŝ)) / √(σ² + ε),  g = γ ⊙ ∂L/∂y
    // ∂L/∂x += ∂L/∂s        ∂L/∂u += dropout(∂L/∂s)
    // ∂L/∂γ += Σ over rows of ∂L/∂y ⊙ ŝ        ∂L/∂β += Σ over rows of ∂L/∂y
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Needs(x) ? ContributionTo<T>(x) : [];
        Span<T> dSublayer = Needs(sublayer) ? ContributionTo<T>(sublayer) : [];
        Span<T> dWeight = Needs(weight) ? ContributionTo<T>(weight) : [];
        Span<T> dBias = Needs(bias) ? ContributionTo<T>(bias) : [];
        if (IsEmpty)
            return;
        using Scratch<T> ds = new(dx.IsEmpty ? dy.Length : 0);
        ResidualNormalization.Backward(
            Values<T>(Sum), T.CreateChecked(attributes.Dropout.Rate), attributes.Dropout.Key, Values<T>(weight), Values<T>(Mean),
            Values<T>(InverseDeviation), dy, dx.IsEmpty ? ds.Span : dx, dSublayer, dWeight, dBias, x.Shape[-1]);
    }

    protected internal override Tensor Composed() =>
        (x + sublayer.Dropout(attributes.Dropout.Rate, attributes.Dropout.Key)).LayerNorm(weight, bias, attributes.Epsilon);
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>
    /// Layer normalization of this tensor plus the dropout of a sublayer's result:
    /// <c>(this + sublayer.Dropout(rate, key)).LayerNorm(weight, bias, epsilon)</c> in one pass.
    /// </summary>
    /// <param name="sublayer">What the sublayer made of this tensor, of the same shape.</param>
    /// <param name="weight">γ, [size].</param>
    /// <param name="bias">β, [size].</param>
    /// <param name="rate">Probability of dropping an element of the sublayer's result, in [0, 1).</param>
    /// <param name="key">Which random numbers to draw.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1).</exception>
    public Tensor ResidualLayerNorm(Tensor sublayer, Tensor weight, Tensor bias, double rate, RandomKey key, double epsilon = 1e-5)
    {
        DropoutAttributes dropout = DropoutAttributes.Checked(nameof(ResidualLayerNorm), rate, key);
        return new ResidualLayerNorm(this, sublayer, weight, bias, new ResidualLayerNormAttributes(epsilon, dropout)).Apply();
    }
}
