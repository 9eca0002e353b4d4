using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise sum, y = a + b, with broadcasting.</summary>
internal sealed class Add(Tensor a, Tensor b) : BinaryOperation(a, b)
{
    // yᵢ = aᵢ + bᵢ
    protected override void Forward<T>(Span<T> y)
    {
        using Expanded<T> a = Full<T>(A);
        using Expanded<T> b = Full<T>(B);
        Elementwise.Add(a.Values, b.Values, y);
    }

    // ∂L/∂aᵢ += ∂L/∂yᵢ        ∂L/∂bᵢ += ∂L/∂yᵢ
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        if (Needs(A))
            PassOnFull(dy, A);
        if (Needs(B))
            PassOnFull(dy, B);
    }
}

/// <content>Method and operators.</content>
public partial class Tensor
{
    /// <summary>Element-wise sum with broadcasting.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public Tensor Add(Tensor other) => new Add(this, other).Apply();

    /// <inheritdoc cref="Add(Tensor)"/>
    public static Tensor operator +(Tensor a, Tensor b) => new Add(a, b).Apply();

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(double a, Tensor b) => new Add(Scalar(a, b.DType), b).Apply();

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(Tensor a, double b) => new Add(a, Scalar(b, a.DType)).Apply();
}
