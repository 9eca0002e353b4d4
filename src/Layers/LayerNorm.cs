using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Layers;

/// <summary>Layer normalization over the last axis (Ba et al. 2016), keys <c>weight</c> γ (starts at 1) and <c>bias</c> β (starts at 0).</summary>
public sealed class LayerNorm : Module
{
    private readonly double epsilon;

    /// <summary>A normalization of vectors of this size.</summary>
    /// <param name="size">Size of the last axis.</param>
    /// <param name="dtype">Element type of the parameters.</param>
    /// <param name="epsilon">Added to the variance under the root.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public LayerNorm(int size, DType dtype = DType.Float32, double epsilon = 1e-5)
    {
        SizeCheck.Positive(nameof(LayerNorm), size);
        this.epsilon = epsilon;
        Weight = Register("weight", Tensor.Full([size], 1, dtype));
        Bias = Register("bias", Tensor.Zeros([size], dtype));
    }

    /// <summary>γ, [size].</summary>
    public Parameter Weight { get; }

    /// <summary>β, [size].</summary>
    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override string OutputShape => $"[.., {Weight.Count}]";

    /// <summary>γ ⊙ (x − μ) / √(σ² + ε) + β, of the input's shape.</summary>
    public Tensor Forward(Tensor x)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(x);
        return x.LayerNorm(Weight, Bias, epsilon);
    }

    /// <summary>
    /// What follows a sublayer of a post-norm layer (Vaswani et al. 2017, sections 3.1 and 5.4):
    /// LayerNorm(x + dropout(sublayer)), in one pass unless <see cref="Module.Composed"/>.
    /// </summary>
    /// <param name="x">What the sublayer was given.</param>
    /// <param name="sublayer">What it made of it, of the same shape.</param>
    /// <param name="dropout">The sublayer's dropout.</param>
    public Tensor Residual(Tensor x, Tensor sublayer, Dropout dropout)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(dropout);
        if (Composed)
            return Forward(x + dropout.Forward(sublayer));
        using ModuleScope scope = Enter();
        return x.ResidualLayerNorm(sublayer, Weight, Bias, dropout.ActiveRate, dropout.Key, epsilon);
    }
}
