using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Attributes of a choice.</summary>
/// <param name="Condition">Broadcasts to the output's shape.</param>
public sealed record WhereAttributes(Mask Condition);

/// <summary>Element-wise choice: a where the condition is true, else b.</summary>
internal sealed class Where(Tensor a, Tensor b, WhereAttributes attributes) : BinaryOperation(a, b)
{
    private Mask? condition;

    public override object Attributes => attributes;

    protected override Shape OutputShape => Broadcasting.Common(Kind, attributes.Condition.Shape, base.OutputShape);

    private ReadOnlySpan<bool> Condition => (condition ??= attributes.Condition.BroadcastTo(Output.Shape)).Values;

    // yᵢ = aᵢ where cᵢ, else bᵢ
    protected override void Forward<T>(Span<T> y)
    {
        using Expanded<T> a = Full<T>(A);
        using Expanded<T> b = Full<T>(B);
        Elementwise.Select(Condition, a.Values, b.Values, y);
    }

    // ∂L/∂aᵢ += ∂L/∂yᵢ where cᵢ, else 0        ∂L/∂bᵢ += 0 where cᵢ, else ∂L/∂yᵢ
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        if (Needs(A))
        {
            using Repeated<T> da = FullContributionTo<T>(A);
            Elementwise.Select(Condition, dy, [T.Zero], da.Values);
        }

        if (Needs(B))
        {
            using Repeated<T> db = FullContributionTo<T>(B);
            Elementwise.Select(Condition, [T.Zero], dy, db.Values);
        }
    }
}

/// <content>Methods.</content>
public partial class Tensor
{
    /// <summary>Element-wise: <paramref name="a"/> where the condition is true, else <paramref name="b"/>; all three broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Where(Mask condition, Tensor a, Tensor b) =>
        new Where(a, b, new WhereAttributes(condition)).Apply();

    /// <summary>
    /// This tensor where the mask is true, else <paramref name="value"/>. With −∞ it prepares attention scores for
    /// <see cref="Softmax"/>. (PyTorch's masked_fill fills where its mask is true.)
    /// </summary>
    /// <exception cref="ArgumentException">The mask does not broadcast to this shape.</exception>
    public Tensor MaskedFill(Mask keep, double value)
    {
        ArgumentNullException.ThrowIfNull(keep);
        return Broadcasting.Common("MaskedFill", keep.Shape, Shape).Equals(Shape)
            ? Where(keep, this, Scalar(value, DType))
            : throw new ArgumentException($"MaskedFill: the mask {keep.Shape} does not broadcast to {Shape}.");
    }
}
