using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>
/// Softmax over the last axis. Entries of −∞ get 0, and a row of nothing but −∞ gets 0 everywhere (PyTorch: NaN), so
/// that a fully masked attention row attends to nothing.
/// </summary>
internal sealed class Softmax(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Rank > 0 ? x.Shape : throw ShapeError("a scalar has no axis to normalize over");

    // yᵢ = exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x)        (the shift cancels, and exp cannot overflow)
    protected override void Forward<T>(Span<T> y) => Rows.Softmax(Values<T>(x), [], y, x.Shape[-1]);

    // ∂L/∂xᵢ += yᵢ (∂L/∂yᵢ − Σⱼ ∂L/∂yⱼ yⱼ)
    protected override void Backward<T>(ReadOnlySpan<T> dy) =>
        Rows.SoftmaxGradient(Values<T>(Output), dy, ContributionTo<T>(x), x.Shape[-1]);

    protected internal override Tensor? Composed()
    {
        if (x.Shape[-1] == 0)
            return null;
        Tensor exponentials = (x - RowShift.Of(x)).Exp();
        Tensor sum = exponentials.Sum([-1], keepAxes: true);
        // In a row of nothing but −∞ every exponential is 0, and so is the result.
        return exponentials / RowShift.Replace(sum, 0, by: 1);
    }
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>exp(xᵢ) / Σⱼ exp(xⱼ) along an axis, by default the last. A slice of nothing but −∞ gives zeros.</summary>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor Softmax(int axis = -1) =>
        Rank > 0 && Shape.Axis(axis) != Rank - 1
            ? new Softmax(Transpose(axis, -1)).Apply().Transpose(axis, -1)
            : new Softmax(this).Apply();
}
