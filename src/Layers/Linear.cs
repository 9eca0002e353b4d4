using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;

namespace Transformer.Layers;

/// <summary>Affine map of the last axis, Y = X Wᵀ + b. Keys <c>weight</c> [outputs, inputs] and <c>bias</c> [outputs].</summary>
public sealed class Linear : Module
{
    /// <summary>Draws the weight by <see cref="Initialization.XavierUniform"/>, the bias uniformly in ±1/√inputs.</summary>
    /// <param name="inputs">Size of the input's last axis.</param>
    /// <param name="outputs">Size of the output's last axis.</param>
    /// <param name="streams">Where random numbers come from.</param>
    /// <param name="dtype">Element type of the parameters.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Linear(int inputs, int outputs, RandomStreams streams, DType dtype = DType.Float32)
        : this(
            Initialization.XavierUniform(
                SizeCheck.Positive(nameof(Linear), outputs), SizeCheck.Positive(nameof(Linear), inputs), streams, dtype),
            Initialization.UniformByInputs([outputs], inputs, streams, dtype))
    {
    }

    /// <summary>Takes these values; a <see cref="Parameter"/> of another module is shared with it.</summary>
    /// <param name="weight">W, [outputs, inputs].</param>
    /// <param name="bias">b, [outputs]; null for none.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public Linear(Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Rank != 2 || (bias is not null && !bias.Shape.Is(weight.Shape[0])))
            throw new ArgumentException($"Linear: the weight is [outputs, inputs] and the bias [outputs], not {weight.Shape} and {bias?.Shape}");
        Weight = Register("weight", weight);
        Bias = bias is null ? null : Register("bias", bias);
    }

    /// <summary>W, [outputs, inputs].</summary>
    public Parameter Weight { get; }

    /// <summary>b, [outputs], or null.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override string OutputShape => $"[.., {Weight.Shape[0]}]";

    /// <summary>x Wᵀ + b, [.., inputs] → [.., outputs].</summary>
    public Tensor Forward(Tensor x)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(x);
        return x.Linear(Weight, Bias);
    }

    /// <summary>
    /// The mean cross-entropy of the logits x Wᵀ + b, in one operation unless <see cref="Module.Composed"/>: it needs no memory for
    /// their gradient, and computes no logits of ignored targets.
    /// </summary>
    /// <param name="x">[.., inputs].</param>
    /// <param name="targets">The right class of each row, [..].</param>
    /// <param name="labelSmoothing">ε, the share of a target that is spread over all classes.</param>
    /// <param name="ignoredTarget">Rows with this target count nothing; null ignores none.</param>
    /// <returns>A scalar, in nats.</returns>
    public Tensor CrossEntropy(Tensor x, Indices targets, double labelSmoothing = 0, int? ignoredTarget = null)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(x);
        return Composed
            ? x.Linear(Weight, Bias).CrossEntropy(targets, labelSmoothing, ignoredTarget)
            : x.ProjectedCrossEntropy(Weight, Bias, targets, labelSmoothing, ignoredTarget);
    }

    /// <summary>dropout(f(x Wᵀ + b)), [.., inputs] → [.., outputs], in one operation.</summary>
    /// <param name="x">[.., inputs].</param>
    /// <param name="function">The activation f.</param>
    /// <param name="dropout">The dropout of its result.</param>
    public Tensor Forward(Tensor x, ActivationFunction function, Dropout dropout)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(dropout);
        return x.ActivatedLinear(Weight, Bias, function, dropout.ActiveRate, dropout.Key);
    }
}
