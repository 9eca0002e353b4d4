using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>Initial values of parameters. Each draws a stream of its own; biases that start at zero draw none.</summary>
public static class Initialization
{
    /// <summary>
    /// Uniform in ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010, equation 16), which keeps the size of activations
    /// and of gradients alike through a layer.
    /// </summary>
    /// <returns>A weight [outputs, inputs].</returns>
    public static Tensor XavierUniform(int outputs, int inputs, RandomStreams streams, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(streams);
        double bound = Math.Sqrt(6.0 / ((double)inputs + outputs));
        return Tensor.Uniform([outputs, inputs], streams.NextInitialKey(), -bound, bound, dtype);
    }

    /// <summary>Uniform in ±1/√inputs, as PyTorch initializes the weight and the bias of a <c>nn.Linear</c>.</summary>
    /// <returns>A tensor of the given shape.</returns>
    public static Tensor UniformByInputs(Shape shape, int inputs, RandomStreams streams, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(streams);
        double bound = 1 / Math.Sqrt(inputs);
        return Tensor.Uniform(shape, streams.NextInitialKey(), -bound, bound, dtype);
    }
}
