using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests.Attention;

public class AttentionPathTests
{
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    public void The_fused_and_the_composed_path_agree_in_result_weights_and_gradients_with_the_same_dropout(bool cross, bool causal, bool masked)
    {
        Results fused = Run(cross, causal, masked, composed: false);
        Results composed = Run(cross, causal, masked, composed: true);

        Close(fused.Output, composed.Output);
        Close(fused.Weights, composed.Weights);
        Assert.Equal(fused.Gradients.Length, composed.Gradients.Length);
        for (int i = 0; i < fused.Gradients.Length; i++)
            Close(fused.Gradients[i], composed.Gradients[i]);
    }

    [Fact]
    public void Dropout_on_the_weights_is_active_in_training_and_changes_with_the_step()
    {
        RandomStreams streams = new(5);
        MultiHeadAttention attention = new(6, 2, 0.5, streams, DType.Float64);
        Tensor x = Random([2, 5, 6], 1);

        double[] first = attention.Forward(x, x, x).ToDoubles();
        double[] again = attention.Forward(x, x, x).ToDoubles();
        streams.Step++;
        double[] nextStep = attention.Forward(x, x, x).ToDoubles();
        streams.Step--;
        streams.MicroBatch++;
        double[] nextMicroBatch = attention.Forward(x, x, x).ToDoubles();
        attention.Evaluate();
        double[] evaluated = attention.Forward(x, x, x).ToDoubles();
        streams.Step = 77;

        Assert.Equal(first, again);
        Assert.NotEqual(first, nextStep);
        Assert.NotEqual(first, nextMicroBatch);
        Assert.NotEqual(nextStep, nextMicroBatch);
        Assert.NotEqual(first, evaluated);
        Assert.Equal(evaluated, attention.Forward(x, x, x).ToDoubles());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_target_that_may_attend_to_nothing_has_weights_zero_and_no_gradient_is_NaN(bool composed)
    {
        MultiHeadAttention attention = new(6, 2, 0, new RandomStreams(5), DType.Float64) { Composed = composed };
        attention.OutProjection.Bias!.CopyFrom(Random([6], 3));
        Tensor x = Random([2, 3, 6], 1).AsLeaf();
        Mask mask = new([true, true, false, false, false, false], [2, 1, 1, 3]);

        Tensor y = attention.Forward(x, x, x, mask, causal: false, out Tensor weights);
        y.Backward(Tensor.Full(y.Shape, 1, DType.Float64));

        Assert.All(weights.ToDoubles()[(2 * 3 * 3)..], weight => Assert.Equal(0, weight));
        for (int target = 0; target < 3; target++)
        {
            for (int channel = 0; channel < 6; channel++)
                Assert.Equal(attention.OutProjection.Bias.ValueAt(channel), y[1, target, channel]);
        }

        Assert.All([x, .. attention.Parameters()], leaf => Assert.All(leaf.Gradient!.ToDoubles(), value => Assert.True(double.IsFinite(value))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weights_are_a_distribution_over_the_visible_sources(bool composed)
    {
        MultiHeadAttention attention = new(6, 3, 0.3, new RandomStreams(5), DType.Float64) { Composed = composed };
        Tensor x = Random([1, 4, 6], 1);

        attention.Forward(x, x, x, null, causal: true, out Tensor weights);

        Assert.Equal([1, 3, 4, 4], weights.Shape);
        for (int head = 0; head < 3; head++)
        {
            for (int target = 0; target < 4; target++)
            {
                double[] row = [.. Enumerable.Range(0, 4).Select(source => weights[0, head, target, source])];
                Assert.Equal(1, row.Sum(), 1e-12);
                Assert.All(row[(target + 1)..], weight => Assert.Equal(0, weight));
            }
        }
    }

    [Fact]
    public void Heads_that_do_not_divide_the_model_are_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new MultiHeadAttention(10, 3, 0, new RandomStreams(1)));

        Assert.Contains("modelSize 10 does not divide into 3 heads", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public void The_composed_path_refuses_heads_that_do_not_divide_the_model_as_the_fused_one_does(int headCount)
    {
        Tensor x = Random([1, 2, 10], 1);
        AttentionAttributes attributes = new(headCount, null, false, 0, default);

        ArgumentException fused = Assert.Throws<ArgumentException>(() => x.Attend(x, x, attributes, out _));
        ArgumentException composed = Assert.Throws<ArgumentException>(() => ComposedAttention.Attend(x, x, x, attributes, out _));

        Assert.Equal($"modelSize 10 does not divide into {headCount} heads", Rule(fused));
        Assert.Equal(Rule(fused), Rule(composed));
    }

    [Fact]
    public void The_composed_path_refuses_shapes_as_the_fused_one_does()
    {
        Tensor x = Random([1, 2, 4], 1);
        AttentionAttributes attributes = new(2, null, false, 0, default);
        Tensor[] others = [Random([2, 4], 1), Random([1, 3, 4], 1), Random([2, 2, 4], 1), Random([1, 2, 6], 1)];

        foreach (Tensor other in others)
        {
            ArgumentException fused = Assert.Throws<ArgumentException>(() => x.Attend(x, other, attributes, out _));
            ArgumentException composed = Assert.Throws<ArgumentException>(() => ComposedAttention.Attend(x, x, other, attributes, out _));
            Assert.Equal(Rule(fused), Rule(composed));
        }

        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => ComposedAttention.Attend(x, null!, x, attributes, out _)).ParamName);
        Assert.Equal("value", Assert.Throws<ArgumentNullException>(() => ComposedAttention.Attend(x, x, null!, attributes, out _)).ParamName);
    }

    // What a message says behind the name of the operation.
    private static string Rule(ArgumentException error) => error.Message[(error.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..];

    private static Results Run(bool cross, bool causal, bool masked, bool composed)
    {
        MultiHeadAttention attention = new(6, 2, 0.4, new RandomStreams(8) { Step = 2 }, DType.Float64) { Composed = composed };
        attention.InProjectionBias.CopyFrom(Random([18], 4));
        Tensor query = Random([2, 3, 6], 1).AsLeaf();
        Tensor memory = cross ? Random([2, 5, 6], 2).AsLeaf() : query;
        int sourceLength = memory.Shape[1];
        Mask? mask = masked ? new Mask([.. Enumerable.Range(0, 2 * sourceLength).Select(i => i != sourceLength - 1)], [2, 1, 1, sourceLength]) : null;

        Tensor y = attention.Forward(query, memory, memory, mask, causal, out Tensor weights);
        y.Backward(Random([2, 3, 6], 5));

        Tensor[] leaves = [query, memory, .. attention.Parameters()];
        return new Results(y.ToDoubles(), weights.ToDoubles(), [.. leaves.Select(leaf => leaf.Gradient!.ToDoubles())]);
    }

    private static Tensor Random(Shape shape, uint stream) => Tensor.Normal(shape, new RandomKey(42, stream, 0, 0), dtype: DType.Float64);

    private static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-12);
    }

    private sealed record Results(double[] Output, double[] Weights, double[][] Gradients);
}
