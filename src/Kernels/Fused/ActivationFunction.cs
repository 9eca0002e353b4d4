namespace Transformer.Kernels;

/// <summary>The function between the two layers of a feed-forward network.</summary>
public enum ActivationFunction
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x Φ(x), the exact form.</summary>
    Gelu,

    /// <summary>The tanh form of GELU.</summary>
    GeluTanh,
}
