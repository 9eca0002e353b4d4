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
}
