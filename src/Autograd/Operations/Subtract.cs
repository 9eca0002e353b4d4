using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise difference, y = a − b, with broadcasting.</summary>
internal sealed class Subtract(Tensor a, Tensor b) : BinaryOperation(a, b)
{
    // yᵢ = aᵢ − bᵢ
    protected override void Forward<T>(Span<T> y)
    {
        using Expanded<T> a = Full<T>(A);
        using Expanded<T> b = Full<T>(B);
        Elementwise.Subtract(a.Values, b.Values, y);
    }

    // ∂L/∂aᵢ += ∂L/∂yᵢ        ∂L/∂bᵢ += −∂L/∂yᵢ
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        if (Needs(A))
            PassOnFull(dy, A);
        if (!Needs(B))
            return;
        using Repeated<T> db = FullContributionTo<T>(B);
        Elementwise.Negate(dy, db.Values);
    }
}

/// <content>Method and operators.</content>
public partial class Tensor
{
    /// <summary>Element-wise difference with broadcasting.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public Tensor Subtract(Tensor other) => new Subtract(this, other).Apply();

    /// <inheritdoc cref="Subtract(Tensor)"/>
    public static Tensor operator -(Tensor a, Tensor b) => new Subtract(a, b).Apply();

    /// <summary>Subtracts a number from every element.</summary>
    public static Tensor operator -(Tensor a, double b) => new Subtract(a, Scalar(b, a.DType)).Apply();

    /// <summary>Subtracts every element from a number.</summary>
    public static Tensor operator -(double a, Tensor b) => new Subtract(Scalar(a, b.DType), b).Apply();
}
