namespace Transformer.Layers;

/// <summary>Where a layer normalizes.</summary>
public enum NormPlacement
{
    /// <summary>After each residual connection, LayerNorm(x + Sublayer(x)): the paper's figure 1.</summary>
    Post,

    /// <summary>Before each sublayer, x + Sublayer(LayerNorm(x)) (Xiong et al. 2020): trains without a long warm-up.</summary>
    Pre,
}
