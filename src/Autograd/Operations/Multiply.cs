using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise product, y = a ⊙ b, with broadcasting.</summary>
// Above each Backward stands what it adds to the gradient, with +=. The method writes that contribution, and the
// backward pass adds it: a tensor that is used twice gets two.
internal sealed class Multiply(Tensor a, Tensor b) : BinaryOperation(a, b)
{
    // yᵢ = aᵢ bᵢ
    protected override void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => Elementwise.Multiply(a, b, y);

    // ∂L/∂aᵢ += ∂L/∂yᵢ bᵢ
    protected override void BackwardA<T>(ReadOnlySpan<T> dy, Span<T> da)
    {
        using Expanded<T> fullB = Full<T>(B);
        Elementwise.Multiply(dy, fullB.Values, da);
    }

    // ∂L/∂bᵢ += ∂L/∂yᵢ aᵢ
    protected override void BackwardB<T>(ReadOnlySpan<T> dy, Span<T> db)
    {
        using Expanded<T> fullA = Full<T>(A);
        Elementwise.Multiply(dy, fullA.Values, db);
    }
}

/// <content>Method and operators.</content>
public partial class Tensor
{
    /// <summary>Element-wise product with broadcasting.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public Tensor Multiply(Tensor other) => new Multiply(this, other).Apply();

    /// <inheritdoc cref="Multiply(Tensor)"/>
    public static Tensor operator *(Tensor a, Tensor b) => new Multiply(a, b).Apply();
}
