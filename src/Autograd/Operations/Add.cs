using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Element-wise sum, y = a + b, with broadcasting.</summary>
internal sealed class Add(Tensor a, Tensor b) : BinaryOperation(a, b)
{
    // yᵢ = aᵢ + bᵢ
    protected override void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => Elementwise.Add(a, b, y);

    // ∂L/∂aᵢ += ∂L/∂yᵢ
    protected override void BackwardA<T>(ReadOnlySpan<T> dy, Span<T> da) => dy.CopyTo(da);

    // ∂L/∂bᵢ += ∂L/∂yᵢ
    protected override void BackwardB<T>(ReadOnlySpan<T> dy, Span<T> db) => dy.CopyTo(db);
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
