using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Affine map of the last axis, Y = X Wᵀ + b, with W [outputs, inputs] as PyTorch stores it. The bias may be left out.</summary>
internal sealed class Linear : Operation
{
    private readonly Tensor x;
    private readonly Tensor weight;
    private readonly Tensor? bias;

    public Linear(Tensor x, Tensor weight, Tensor? bias)
        : base(bias is null ? [x, weight] : [x, weight, bias])
    {
        this.x = x;
        this.weight = weight;
        this.bias = bias;
    }

    protected override Shape OutputShape
    {
        get
        {
            if (Misfit(x, weight, bias) is { } rule)
                throw ShapeError(rule);
            return x.Shape.With(-1, weight.Shape[0]);
        }
    }

    private int RowCount => x.Shape.CountBetween(0, x.Rank - 1);

    private int InputSize => weight.Shape[1];

    private int OutputSize => weight.Shape[0];

    // y[r, o] = bₒ + Σᵢ x[r, i] w[o, i]
    protected override void Forward<T>(Span<T> y)
    {
        if (bias is null)
            MatrixProduct.Multiply(Values<T>(x), false, Values<T>(weight), true, y, RowCount, OutputSize, InputSize);
        else
            MatrixProduct.Multiply(Values<T>(x), false, Values<T>(weight), true, y, RowCount, OutputSize, InputSize, Values<T>(bias));
    }

    // ∂L/∂x += ∂L/∂Y W        ∂L/∂W += ∂L/∂Yᵀ X        ∂L/∂b += Σᵣ ∂L/∂y[r, :]
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        if (Needs(x))
            MatrixProduct.Multiply(dy, false, Values<T>(weight), false, ContributionTo<T>(x), RowCount, InputSize, OutputSize);
        if (Needs(weight))
            MatrixProduct.Multiply(dy, true, Values<T>(x), false, ContributionTo<T>(weight), OutputSize, InputSize, RowCount);
        if (bias is not null && Needs(bias))
            Rows.SumOverRows(dy, ContributionTo<T>(bias), OutputSize);
    }

    /// <summary>The rule that the shapes break, or null.</summary>
    internal static string? Misfit(Tensor x, Tensor weight, Tensor? bias) =>
        weight.Rank != 2 || x.Rank == 0 || x.Shape[-1] != weight.Shape[1]
            ? $"x is [.., inputs] and the weight [outputs, inputs], not x {x.Shape} and weight {weight.Shape}"
        : bias is not null && !bias.Shape.Is(weight.Shape[0])
            ? $"the bias is [{weight.Shape[0]}] as the weight {weight.Shape} has it, not {bias.Shape}"
        : null;

    protected internal override Tensor Composed()
    {
        Tensor rows = x.Rank == 1 ? x.Reshape(1, InputSize) : x;
        Tensor product = rows.MatMul(weight, transposeOther: true).Reshape(OutputShape);
        return bias is null ? product : product + bias;
    }
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>
    /// x Wᵀ + b on the last axis, [.., inputs] → [.., outputs].
    /// </summary>
    /// <param name="weight">W, [outputs, inputs].</param>
    /// <param name="bias">b, [outputs], or null for none.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Tensor Linear(Tensor weight, Tensor? bias = null) => new Linear(this, weight, bias).Apply();
}
