using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise error function, y = 2/√π ∫₀ˣ exp(−t²) dt.</summary>
internal sealed class Erf(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Shape;

    // yᵢ = erf(xᵢ)
    protected override void Forward<T>(Span<T> y) => Elementwise.Erf(Values<T>(x), y);

    // ∂L/∂xᵢ += ∂L/∂yᵢ 2/√π exp(−xᵢ²)
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        ReadOnlySpan<T> values = Values<T>(x);
        Span<T> dx = ContributionTo<T>(x);
        T factor = T.CreateChecked(2 / Math.Sqrt(Math.PI));
        for (int i = 0; i < dx.Length; i++)
            dx[i] = dy[i] * factor * T.Exp(-(values[i] * values[i]));
    }
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>Element-wise error function; Φ(x) = ½ (1 + erf(x/√2)) is the normal distribution's.</summary>
    public Tensor Erf() => new Erf(this).Apply();
}
