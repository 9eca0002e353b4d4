using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>
/// A residual connection around a sublayer that dropout follows (Vaswani et al. 2017, sections 3.1 and 5.4): y = x + dropout(u),
/// where u is what the sublayer made.
/// </summary>
internal sealed class ResidualDropout(Tensor x, Tensor sublayer, DropoutAttributes attributes) : Operation(x, sublayer)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape =>
        sublayer.Shape.Equals(x.Shape) ? x.Shape : throw ShapeError($"x and the sublayer's result have one shape, not {x.Shape} and {sublayer.Shape}");

    // yᵢ = xᵢ + uᵢ mᵢ / (1 − p)
    protected override void Forward<T>(Span<T> y) =>
        Kernels.ResidualDropout.Forward(Values<T>(x), Values<T>(sublayer), T.CreateChecked(attributes.Rate), attributes.Key, y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ        ∂L/∂uᵢ += ∂L/∂yᵢ mᵢ / (1 − p)
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        if (Needs(x))
            PassOn(dy, x);
        if (Needs(sublayer))
            Kernels.Dropout.Forward(dy, T.CreateChecked(attributes.Rate), attributes.Key, ContributionTo<T>(sublayer));
    }

    protected internal override Tensor Composed() => x + sublayer.Dropout(attributes.Rate, attributes.Key);
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>This tensor plus the dropout of a sublayer's result: <c>this + sublayer.Dropout(rate, key)</c> in one pass.</summary>
    /// <param name="sublayer">What the sublayer made of this tensor, of the same shape.</param>
    /// <param name="rate">Probability of dropping an element of it, in [0, 1).</param>
    /// <param name="key">Which random numbers to draw.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1).</exception>
    public Tensor ResidualDropout(Tensor sublayer, double rate, RandomKey key) =>
        new ResidualDropout(this, sublayer, DropoutAttributes.Checked(nameof(ResidualDropout), rate, key)).Apply();
}
