using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise quotient, y = a / b, with broadcasting.</summary>
internal sealed class Divide(Tensor a, Tensor b) : BinaryOperation(a, b)
{
    // yᵢ = aᵢ / bᵢ
    protected override void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => Elementwise.Divide(a, b, y);

    // ∂L/∂aᵢ += ∂L/∂yᵢ / bᵢ
    protected override void BackwardA<T>(ReadOnlySpan<T> dy, Span<T> da)
    {
        using Expanded<T> fullB = Full<T>(B);
        Elementwise.Divide(dy, fullB.Values, da);
    }

    // ∂L/∂bᵢ += −∂L/∂yᵢ yᵢ / bᵢ        (yᵢ / bᵢ = aᵢ / bᵢ²)
    protected override void BackwardB<T>(ReadOnlySpan<T> dy, Span<T> db)
    {
        using Expanded<T> fullB = Full<T>(B);
        Elementwise.DivideGradient(fullB.Values, Values<T>(Output), dy, db);
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
