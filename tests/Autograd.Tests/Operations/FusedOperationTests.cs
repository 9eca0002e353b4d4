using Transformer.Autograd;
using Transformer.Kernels;
using Xunit;
using Indices = Transformer.Autograd.Indices;

namespace Autograd.Tests.Operations;

/// <summary>Fused operations of sizes that are spread over threads: the bits at any number of them, and beside the small operations.</summary>
[Collection(RunsAlone.Name)]
public class FusedOperationTests
{
    private const int Rows = 900;
    private const int Size = 130;
    private static readonly RandomKey Key = new(5, 6, 7, 8);

    public static TheoryData<string> Kinds => [.. Functions.Keys];

    // Fused, and from small operations; of x [Rows, Size], u like it, w [Size, Size], γ and β [Size].
    private static readonly Dictionary<string, (Func<Tensor[], Tensor> Fused, Func<Tensor[], Tensor> Composed)> Functions = new()
    {
        ["ResidualDropout"] = (t => t[0].ResidualDropout(t[1], 0.1, Key), t => t[0] + t[1].Dropout(0.1, Key)),
        ["ResidualLayerNorm"] = (
            t => t[0].ResidualLayerNorm(t[1], t[3], t[4], 0.1, Key), t => (t[0] + t[1].Dropout(0.1, Key)).LayerNorm(t[3], t[4])),
        ["ActivatedLinear, ReLU"] = (
            t => t[0].ActivatedLinear(t[2], t[3], ActivationFunction.Relu, 0.1, Key), t => t[0].Linear(t[2], t[3]).Relu().Dropout(0.1, Key)),
        ["ActivatedLinear, GELU"] = (
            t => t[0].ActivatedLinear(t[2], t[3], ActivationFunction.Gelu, 0.1, Key), t => t[0].Linear(t[2], t[3]).Gelu().Dropout(0.1, Key)),
        ["ActivatedLinear, GELU by tanh"] = (
            t => t[0].ActivatedLinear(t[2], null, ActivationFunction.GeluTanh, 0, Key), t => t[0].Linear(t[2]).GeluTanh()),
        ["TokenEmbedding"] = (
            t => t[2].TokenEmbedding(Tokens, 3, t[0], Positions, 0.1, Key, paddingRow: 4),
            t => (t[2].Gather(Tokens, 4) * 3 + t[0].Gather(Positions)).Dropout(0.1, Key)),
    };

    private static Indices Tokens => new([.. Enumerable.Range(0, 3 * 400).Select(i => i * 7 % Size)], [3, 400]);

    private static Indices Positions => Indices.Range(20, 400);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_two_three_and_five_threads_give_the_same_bits(string kind)
    {
        int before = Execution.ThreadCount;
        try
        {
            Execution.ThreadCount = 1;
            long[] one = Bits(Functions[kind].Fused, out _);
            foreach (int threads in (int[])[2, 3, 5])
            {
                Execution.ThreadCount = threads;
                Assert.Equal(one, Bits(Functions[kind].Fused, out _));
            }
        }
        finally
        {
            Execution.ThreadCount = before;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_output_is_that_of_the_small_operations_to_the_bit_and_the_gradients_are_to_rounding(string kind)
    {
        long[] fused = Bits(Functions[kind].Fused, out double[][] gradients);
        long[] composed = Bits(Functions[kind].Composed, out double[][] expected);
        int count = fused.Length - gradients.Sum(gradient => gradient.Length);
        Assert.Equal(composed[..count], fused[..count]);
        Assert.Equal(expected.Length, gradients.Length);
        for (int i = 0; i < expected.Length; i++)
            Graph.AssertClose(expected[i], gradients[i], 1e-5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_plain_loops_agree(string kind)
    {
        Bits(Functions[kind].Fused, out double[][] gradients);
        bool before = Execution.Plain;
        try
        {
            Execution.Plain = true;
            Bits(Functions[kind].Fused, out double[][] plain);
            for (int i = 0; i < plain.Length; i++)
                Graph.AssertClose(plain[i], gradients[i], 1e-4);
        }
        finally
        {
            Execution.Plain = before;
        }
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor x = Tensor.Zeros([2, 3]);
        Tensor three = Tensor.Zeros([3]);
        Refuses("ResidualDropout: x and the sublayer's result have one shape, not [2, 3] and [3]", () => x.ResidualDropout(three, 0.1, Key));
        Refuses("ResidualLayerNorm: x and the sublayer's result have one shape, not [2, 3] and [3]", () => x.ResidualLayerNorm(three, three, three, 0.1, Key));
        Refuses(
            "ResidualLayerNorm: x is [.., size], weight and bias are [size], not x [2, 3], weight [3], bias [2, 3]",
            () => x.ResidualLayerNorm(x, three, x, 0.1, Key));
        Refuses(
            "ActivatedLinear: x is [.., inputs] and the weight [outputs, inputs], not x [2, 3] and weight [3]",
            () => x.ActivatedLinear(three, null, ActivationFunction.Relu, 0, Key));
        Refuses(
            "TokenEmbedding: the table is [rows, width] and the positions [maximumLength, width], not [2, 3] and [3]",
            () => x.TokenEmbedding(new Indices([0]), 1, three, new Indices([0]), 0, Key));
        Refuses(
            "TokenEmbedding: the positions' numbers are those of the tokens' last axes, not [2] for tokens [3]",
            () => x.TokenEmbedding(new Indices([0, 1, 0]), 1, x, new Indices([0, 1]), 0, Key));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.TokenEmbedding(new Indices([2]), 1, x, new Indices([0]), 0, Key));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.TokenEmbedding(new Indices([0]), 1, x, new Indices([-1]), 0, Key));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.ResidualDropout(x, 1, Key));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.ResidualLayerNorm(x, three, three, double.NaN, Key));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.ActivatedLinear(x, null, ActivationFunction.Relu, -0.1, Key));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.ActivatedLinear(x, null, (ActivationFunction)9, 0, Key));
    }

    private static void Refuses(string message, Func<Tensor> function) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => _ = function()).Message);

    // The output's bits, then those of the gradients.
    private static long[] Bits(Func<Tensor[], Tensor> function, out double[][] gradients)
    {
        Tensor Leaf(uint stream, Shape shape) => Tensor.Normal(shape, new RandomKey(2, stream, 0, 0)).AsLeaf();
        Tensor[] leaves = [Leaf(1, [Rows, Size]), Leaf(2, [Rows, Size]), Leaf(3, [Size, Size]), Leaf(4, [Size]), Leaf(5, [Size])];
        Tensor y = function(leaves);
        y.Backward(Tensor.Normal(y.Shape, new RandomKey(2, 9, 0, 0)));
        Tensor[] reached = [.. leaves.Where(leaf => leaf.Gradient is not null)];
        gradients = [.. reached.Select(leaf => leaf.Gradient!.ToDoubles())];
        return [.. Graph.Bits(y), .. reached.SelectMany(leaf => Graph.Bits(leaf.Gradient!))];
    }
}
