using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise product, y = a ⊙ b, with broadcasting.</summary>
// Above each Backward stands what it adds to the gradient, with +=. The method writes that contribution, and the
// backward pass adds it: a tensor that is used twice gets two.
internal sealed class Multiply(Tensor a, Tensor b) : BinaryOperation(a, b)
{
    // yᵢ = aᵢ bᵢ
    protected override void Forward<T>(Span<T> y)
    {
        using Expanded<T> a = Full<T>(A);
        using Expanded<T> b = Full<T>(B);
        Elementwise.Multiply(a.Values, b.Values, y);
    }

    // ∂L/∂aᵢ += ∂L/∂yᵢ bᵢ        ∂L/∂bᵢ += ∂L/∂yᵢ aᵢ
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        if (Needs(A))
        {
            using Expanded<T> b = Full<T>(B);
            using Repeated<T> da = FullContributionTo<T>(A);
            Elementwise.Multiply(dy, b.Values, da.Values);
        }

        if (Needs(B))
        {
            using Expanded<T> a = Full<T>(A);
            using Repeated<T> db = FullContributionTo<T>(B);
            Elementwise.Multiply(dy, a.Values, db.Values);
        }
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
