using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Xunit;

namespace Autograd.Tests;

public class SmokeTests
{
    private static Tensor Leaf(uint stream, Shape shape) =>
        Tensor.Normal(shape, new RandomKey(1, stream, 0, 0), dtype: DType.Float64).AsLeaf();

    [Fact]
    public void A_small_network_has_the_gradients_of_central_differences()
    {
        Tensor x = Leaf(1, [2, 3, 4]);
        Tensor weight = Leaf(2, [5, 4]);
        Tensor bias = Leaf(3, [5]);
        Tensor gain = Leaf(4, [5]);
        GradientCheck.Run(
            () => (x.Linear(weight, bias).LayerNorm(gain, bias).Gelu() * gain + bias).Softmax()
                .CrossEntropy(new Indices([1, 2, 0, 3, 4, 4], [2, 3]), 0.1, 3),
            x, weight, bias, gain).ThrowIfFailed();
    }

    [Fact]
    public void Batched_products_and_attention_have_the_gradients_of_central_differences()
    {
        Tensor a = Leaf(1, [2, 1, 3, 4]);
        Tensor b = Leaf(2, [3, 4, 2]);
        GradientCheck.Run(() => a.MatMul(b).Transpose().Sum([0, 2], true), a, b).ThrowIfFailed();
        Tensor q = Leaf(3, [2, 3, 4]);
        Tensor kv = Leaf(4, [2, 5, 8]);
        AttentionAttributes attributes = new(2, null, false, 0.3, new RandomKey(3, 1, 1, 0));
        GradientCheck.Run(() => q.AttendPacked(kv, attributes, out _), q, kv).ThrowIfFailed();
    }
}
