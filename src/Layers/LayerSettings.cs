using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>What every encoder and decoder layer of a model has in common.</summary>
/// <param name="ModelSize">Length of the vector at each position (d_model in the paper).</param>
/// <param name="HeadCount">Number of attention heads; divides ModelSize.</param>
/// <param name="FeedForwardSize">Inner size of the feed-forward network (d_ff in the paper).</param>
/// <param name="DropoutRate">Probability, in [0, 1), at each of the layer's dropouts.</param>
/// <param name="Activation">The feed-forward network's function.</param>
/// <param name="DType">Element type of the parameters.</param>
public sealed record LayerSettings(
    int ModelSize, int HeadCount, int FeedForwardSize, double DropoutRate = 0, Activation Activation = Activation.Relu, DType DType = DType.Float32);
