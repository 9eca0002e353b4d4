using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Logarithm of the softmax over the last axis, without the detour through the softmax itself.</summary>
internal sealed class LogSoftmax(Tensor x) : Operation(x)
{
    protected override Shape OutputShape => x.Rank > 0 ? x.Shape : throw ShapeError("a scalar has no axis to normalize over");

    // yᵢ = xᵢ − max x − ln Σⱼ exp(xⱼ − max x)
    protected override void Forward<T>(Span<T> y) => Rows.LogSoftmax(Values<T>(x), y, x.Shape[-1]);

    // ∂L/∂xᵢ += ∂L/∂yᵢ − exp(yᵢ) Σⱼ ∂L/∂yⱼ        (where y = −∞ it is a constant: 0, and not in the sum)
    protected override void Backward<T>(ReadOnlySpan<T> dy) =>
        Rows.LogSoftmaxGradient(Values<T>(Output), dy, ContributionTo<T>(x), x.Shape[-1]);

    protected internal override Tensor? Composed()
    {
        if (x.Shape[-1] == 0)
            return null;
        Tensor shifted = x - RowShift.Of(x);
        Tensor sum = shifted.Exp().Sum([-1], keepAxes: true);
        // In a row of nothing but −∞ the shifted elements stay −∞, and so does the result.
        return shifted - RowShift.Replace(sum, 0, by: 1).Log();
    }
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>
    /// ln softmax along an axis, by default the last. A slice of nothing but −∞ gives −∞, as <see cref="Softmax"/> gives 0.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor LogSoftmax(int axis = -1) =>
        Rank > 0 && Shape.Axis(axis) != Rank - 1
            ? new LogSoftmax(Transpose(axis, -1)).Apply().Transpose(axis, -1)
            : new LogSoftmax(this).Apply();
}
