using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise quotient, y = a / b, with broadcasting.</summary>
internal sealed class Divide(Tensor a, Tensor b) : BinaryOperation(a, b)
{
    // yᵢ = aᵢ / bᵢ
    protected override void Forward<T>(Span<T> y)
    {
        using Expanded<T> a = Full<T>(A);
        using Expanded<T> b = Full<T>(B);
        Elementwise.Divide(a.Values, b.Values, y);
    }

    // ∂L/∂aᵢ += ∂L/∂yᵢ / bᵢ        ∂L/∂bᵢ += −∂L/∂yᵢ yᵢ / bᵢ        (yᵢ / bᵢ = aᵢ / bᵢ²)
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        using Expanded<T> b = Full<T>(B);
        if (Needs(A))
        {
            using Repeated<T> da = FullContributionTo<T>(A);
            Elementwise.Divide(dy, b.Values, da.Values);
        }

        if (Needs(B))
        {
            using Repeated<T> db = FullContributionTo<T>(B);
            Elementwise.DivideGradient(b.Values, Values<T>(Output), dy, db.Values);
        }
    }
}

/// <content>Method and operators.</content>
public partial class Tensor
{
    /// <summary>Element-wise quotient with broadcasting.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public Tensor Divide(Tensor other) => new Divide(this, other).Apply();

    /// <inheritdoc cref="Divide(Tensor)"/>
    public static Tensor operator /(Tensor a, Tensor b) => new Divide(a, b).Apply();

    /// <summary>Divides every element by a number.</summary>
    public static Tensor operator /(Tensor a, double b) => new Divide(a, Scalar(b, a.DType)).Apply();

    /// <summary>Divides a number by every element.</summary>
    public static Tensor operator /(double a, Tensor b) => new Divide(Scalar(a, b.DType), b).Apply();
}
