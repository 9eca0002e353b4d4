using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Dropout (Srivastava et al. 2014, section 4, in the scaled form): y = x ⊙ m / (1 − p), where mᵢ is 0 with probability p, else 1,
/// as drawn from (key, i).</summary>
internal sealed class Dropout(Tensor x, DropoutAttributes attributes) : Operation(x)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape => x.Shape;

    // yᵢ = xᵢ mᵢ / (1 − p)
    protected override void Forward<T>(Span<T> y) => Kernels.Dropout.Forward(Values<T>(x), T.CreateChecked(attributes.Rate), attributes.Key, y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ mᵢ / (1 − p)
    protected override void Backward<T>(ReadOnlySpan<T> dy) => Kernels.Dropout.Forward(dy, T.CreateChecked(attributes.Rate), attributes.Key, ContributionTo<T>(x));
}

/// <summary>Attributes of a dropout.</summary>
/// <param name="Rate">Probability that an element is set to 0, in [0, 1).</param>
/// <param name="Key">Which random numbers to draw: the same key gives the same mask.</param>
public sealed record DropoutAttributes(double Rate, RandomKey Key)
{
    /// <summary>The dropout in an operation's attributes, where its mask has the shape of the output; null for none.</summary>
    internal static DropoutAttributes? In(object? attributes) => attributes switch
    {
        DropoutAttributes dropout => dropout,
        ResidualLayerNormAttributes { Dropout.Rate: > 0 } residual => residual.Dropout,
        ActivatedLinearAttributes { Dropout.Rate: > 0 } linear => linear.Dropout,
        TokenEmbeddingAttributes { Dropout.Rate: > 0 } embedding => embedding.Dropout,
        _ => null,
    };

    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1).</exception>
    internal static DropoutAttributes Checked(string kind, double rate, RandomKey key) => rate is >= 0 and < 1
        ? new DropoutAttributes(rate, key)
        : throw new ArgumentOutOfRangeException(nameof(rate), rate, $"{kind}: the rate is a probability in [0, 1).");
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>
    /// Sets elements to 0 with probability <paramref name="rate"/> and scales the others by 1 / (1 − rate). The mask is
    /// a function of the key and the element's position alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1).</exception>
    public Tensor Dropout(double rate, RandomKey key) =>
        new Dropout(this, DropoutAttributes.Checked(nameof(Dropout), rate, key)).Apply();
}
