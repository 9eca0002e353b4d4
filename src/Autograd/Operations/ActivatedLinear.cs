using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Attributes of an affine map with an activation.</summary>
/// <param name="Function">The activation f.</param>
/// <param name="Dropout">Dropout of its result.</param>
public sealed record ActivatedLinearAttributes(ActivationFunction Function, DropoutAttributes Dropout);

/// <summary>
/// The first half of a feed-forward network (Vaswani et al. 2017, section 3.3): Y = dropout(f(X Wᵀ + b)), with
/// W [outputs, inputs]. The bias may be left out.
/// </summary>
internal sealed class ActivatedLinear : Operation
{
    private readonly Tensor x;
    private readonly Tensor weight;
    private readonly Tensor? bias;
    private readonly ActivatedLinearAttributes attributes;

    public ActivatedLinear(Tensor x, Tensor weight, Tensor? bias, ActivatedLinearAttributes attributes)
        : base(bias is null ? [x, weight] : [x, weight, bias])
    {
        this.x = x;
        this.weight = weight;
        this.bias = bias;
        this.attributes = attributes;
    }

    public override object Attributes => attributes;

    protected override Shape OutputShape =>
        Linear.Misfit(x, weight, bias) is { } rule ? throw ShapeError(rule) : x.Shape.With(-1, weight.Shape[0]);

    private int RowCount => x.Shape.CountBetween(0, x.Rank - 1);

    private int InputSize => weight.Shape[1];

    private int OutputSize => weight.Shape[0];

    private RandomKey Key => attributes.Dropout.Key;

    private bool IsRelu => attributes.Function == ActivationFunction.Relu;

    // Z, which GELU's derivative needs. ReLU's can be read off the output.
    private Tensor Sum => Save("sum", Output.Shape);

    // z[r, o] = bₒ + Σᵢ x[r, i] w[o, i]        Y = dropout(f(Z))
    protected override void Forward<T>(Span<T> y)
    {
        Span<T> z = IsRelu ? y : Sum.WritableValues<T>();
        if (bias is null)
            MatrixProduct.Multiply(Values<T>(x), false, Values<T>(weight), true, z, RowCount, OutputSize, InputSize);
        else
            MatrixProduct.Multiply(Values<T>(x), false, Values<T>(weight), true, z, RowCount, OutputSize, InputSize, Values<T>(bias));
        ActivationDropout.Forward(z, attributes.Function, Rate<T>(), Key, y, OutputSize);
    }

    // ∂L/∂Z = f′(Z) ⊙ dropout(∂L/∂Y)
    // ∂L/∂x += ∂L/∂Z W        ∂L/∂W += ∂L/∂Zᵀ X        ∂L/∂b += Σᵣ ∂L/∂Z[r, :]
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        using Scratch<T> dz = new(dy.Length);
        Span<T> dx = Needs(x) ? ContributionTo<T>(x) : [];
        Span<T> dWeight = Needs(weight) ? ContributionTo<T>(weight) : [];
        Span<T> dBias = bias is not null && Needs(bias) ? ContributionTo<T>(bias) : [];
        if (IsRelu)
            ActivationDropout.ReluBackward(Values<T>(Output), Rate<T>(), dy, dz.Span, dBias, OutputSize);
        else
            ActivationDropout.Backward(Values<T>(Sum), attributes.Function, Rate<T>(), Key, dy, dz.Span, dBias, OutputSize);
        if (Needs(x))
            MatrixProduct.Multiply(dz.Span, false, Values<T>(weight), false, dx, RowCount, InputSize, OutputSize);
        if (Needs(weight))
            MatrixProduct.Multiply(dz.Span, true, Values<T>(x), false, dWeight, OutputSize, InputSize, RowCount);
    }

    protected internal override Tensor Composed()
    {
        Tensor z = x.Linear(weight, bias);
        Tensor active = attributes.Function switch
        {
            ActivationFunction.Relu => z.Relu(),
            ActivationFunction.Gelu => z.Gelu(),
            _ => z.GeluTanh(),
        };
        return active.Dropout(attributes.Dropout.Rate, Key);
    }

    private T Rate<T>()
        where T : System.Numerics.INumberBase<T> => T.CreateChecked(attributes.Dropout.Rate);
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>
    /// An affine map of the last axis, an activation and dropout as one operation:
    /// <c>Linear(weight, bias).Relu().Dropout(rate, key)</c>, or with GELU.
    /// </summary>
    /// <param name="weight">W, [outputs, inputs].</param>
    /// <param name="bias">b, [outputs], or null for none.</param>
    /// <param name="function">The activation.</param>
    /// <param name="rate">Probability of dropping an element, in [0, 1).</param>
    /// <param name="key">Which random numbers to draw.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1), or there is no such activation.</exception>
    public Tensor ActivatedLinear(Tensor weight, Tensor? bias, ActivationFunction function, double rate, RandomKey key)
    {
        DropoutAttributes dropout = DropoutAttributes.Checked(nameof(ActivatedLinear), rate, key);
        return new ActivatedLinear(this, weight, bias, new ActivatedLinearAttributes(function, dropout)).Apply();
    }
}
