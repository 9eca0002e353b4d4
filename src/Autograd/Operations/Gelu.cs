using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Gaussian error linear unit, y = x Φ(x) with Φ(x) = ½ (1 + erf(x / √2)) (Hendrycks and Gimpel 2016, section 2).</summary>
internal sealed class Gelu(Tensor x) : Operation(x)
{
    // Φ(xᵢ) + xᵢ φ(xᵢ), which costs little beside Φ(xᵢ): kept where a backward pass may follow; the bits are those of Backward's own.
    private Tensor? slope;

    protected override Shape OutputShape => x.Shape;

    // yᵢ = xᵢ Φ(xᵢ)
    protected override void Forward<T>(Span<T> y)
    {
        slope = Needs(x) && !NoGradient.IsActive && Debugging.Recorder.Active is null ? Save("slope", x.Shape) : null;
        if (slope is null)
            Elementwise.Gelu(Values<T>(x), y);
        else
            Elementwise.GeluWithSlope(Values<T>(x), y, slope.WritableValues<T>());
    }

    // ∂L/∂xᵢ += ∂L/∂yᵢ (Φ(xᵢ) + xᵢ φ(xᵢ))        φ(x) = exp(−x²/2) / √2π
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        // An edit of x is an error in either case.
        ReadOnlySpan<T> values = Values<T>(x);
        if (slope is null)
            Elementwise.GeluGradient(values, dy, ContributionTo<T>(x));
        else
            Elementwise.Multiply(dy, Values<T>(slope), ContributionTo<T>(x));
    }

    protected internal override Tensor Composed() => x * (((x / Math.Sqrt(2)).Erf() + 1) * 0.5);
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise GELU, the exact form with erf.</summary>
    public Tensor Gelu() => new Gelu(this).Apply();
}
