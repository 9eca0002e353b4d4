using Transformer.Autograd;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests;

public class SmallLayerTests
{
    [Fact]
    public void A_linear_map_multiplies_by_its_weight_and_adds_its_bias()
    {
        Linear linear = new(Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }), Tensor.From([10, 20]));

        Tensor y = linear.Forward(Tensor.From(new double[,] { { 1, 0, -1 } }));

        // 1·1 + 2·0 − 3·1 + 10 = 8        4·1 + 5·0 − 6·1 + 20 = 18
        Assert.Equal([8, 18], y.ToDoubles());
        Assert.Throws<ArgumentException>(() => new Linear(Tensor.Zeros([2, 3]), Tensor.Zeros([3])));
    }

    [Fact]
    public void Dropout_is_the_identity_in_evaluation_and_at_rate_zero()
    {
        Tensor x = Tensor.Full([1000], 2);
        Dropout dropout = new(0.25, new RandomStreams(1));
        Dropout none = new(0, new RandomStreams(1));
        Assert.Same(x, none.Forward(x));

        double[] trained = dropout.Forward(x).ToDoubles();
        dropout.Evaluate();

        Assert.Same(x, dropout.Forward(x));
        Assert.InRange(trained.Count(value => value == 0), 200, 300);
        Assert.All(trained.Where(value => value != 0), value => Assert.Equal(2 / 0.75, value, 1e-6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1, new RandomStreams(1)));
    }

    [Fact]
    public void Two_dropouts_draw_different_masks_and_another_rate_leaves_later_streams_alone()
    {
        Tensor x = Tensor.Full([100], 1);
        RandomStreams streams = new(1);
        Dropout first = new(0.5, streams);
        Dropout second = new(0.5, streams);
        RandomStreams others = new(1);
        _ = new Dropout(0, others);
        Dropout alsoSecond = new(0.5, others);

        Assert.NotEqual(first.Forward(x).ToDoubles(), second.Forward(x).ToDoubles());
        Assert.Equal(second.Forward(x).ToDoubles(), alsoSecond.Forward(x).ToDoubles());
    }

    [Fact]
    public void An_embeddings_padding_row_is_zero_and_gets_no_gradient()
    {
        Embedding embedding = new(5, 3, paddingIndex: 2, new RandomStreams(1), DType.Float64);

        Tensor y = embedding.Forward(new Indices([2, 4, 4], [1, 3]));
        y.Sum().Backward();

        Assert.Equal([1, 3, 3], y.Shape);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2], embedding.Weight.Gradient!.ToDoubles());
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0, embedding.Weight[2, i]);
            Assert.Equal(embedding.Weight[4, i], y[0, 1, i]);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(5, 3, 5, new RandomStreams(1)));
        Assert.ThrowsAny<ArgumentException>(() => embedding.Forward(new Indices([5], [1, 1])));
    }

    [Fact]
    public void A_size_below_1_is_refused_by_its_name()
    {
        RandomStreams streams = new(1);

        Refuses("Linear", "inputs", () => new Linear(0, 3, streams));
        Refuses("Linear", "outputs", () => new Linear(3, 0, streams));
        Refuses("Embedding", "vocabularySize", () => new Embedding(0, 3, null, streams));
        Refuses("Embedding", "modelSize", () => new Embedding(3, 0, null, streams));
        Refuses("LayerNorm", "size", () => new LayerNorm(0));
        Refuses("MultiHeadAttention", "modelSize", () => new MultiHeadAttention(0, 1, 0, streams));
        Refuses("MultiHeadAttention", "headCount", () => new MultiHeadAttention(4, 0, 0, streams));
        Refuses("LearnedEncoding", "maximumLength", () => new LearnedEncoding(0, 4, streams));
        Refuses("LearnedEncoding", "modelSize", () => new LearnedEncoding(4, 0, streams));
        Refuses("SinusoidalEncoding", "maximumLength", () => new SinusoidalEncoding(0, 4));
        Refuses("SinusoidalEncoding", "modelSize", () => new SinusoidalEncoding(4, 0));

        static void Refuses(string layer, string size, Func<Module> make)
        {
            ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(make);
            Assert.Equal(size, error.ParamName);
            Assert.StartsWith($"{layer}: {size} is 1 or more, not 0.", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Initial_values_have_the_stated_distributions()
    {
        TransformerConfiguration configuration = new()
        {
            SourceVocabularySize = 300,
            TargetVocabularySize = 400,
            ModelSize = 64,
            HeadCount = 4,
            FeedForwardSize = 128,
            EncoderLayerCount = 1,
            DecoderLayerCount = 1,
            TiedOutput = false,
        };
        TransformerModel model = new(configuration, new RandomStreams(1));
        EncoderLayer layer = model.Encoder.Layers[0];

        Uniform(layer.SelfAttention.InProjectionWeight, Math.Sqrt(6.0 / (64 + 192)));
        Uniform(layer.SelfAttention.OutProjection.Weight, Math.Sqrt(6.0 / (64 + 64)));
        Uniform(layer.FeedForward.First.Weight, Math.Sqrt(6.0 / (64 + 128)));
        Uniform(layer.FeedForward.First.Bias!, 1 / Math.Sqrt(64));
        Uniform(layer.FeedForward.Second.Bias!, 1 / Math.Sqrt(128));
        Uniform(model.Output.Weight, 1 / Math.Sqrt(64));
        Assert.All(layer.SelfAttention.InProjectionBias.ToDoubles(), value => Assert.Equal(0, value));
        Assert.All(layer.SelfAttention.OutProjection.Bias!.ToDoubles(), value => Assert.Equal(0, value));
        Assert.All(model.Output.Bias!.ToDoubles(), value => Assert.Equal(0, value));
        double[] embedding = model.SourceEmbedding.Weight.ToDoubles();
        Assert.Equal(1.0 / 64, embedding.Average(value => value * value), 0.001);
        Assert.All(embedding[..64], value => Assert.Equal(0, value));

        static void Uniform(Parameter parameter, double bound)
        {
            double[] values = parameter.ToDoubles();
            Assert.All(values, value => Assert.InRange(value, -bound, bound));
            Assert.InRange(values.Max(), 0.9 * bound, bound);
            Assert.InRange(values.Min(), -bound, -0.9 * bound);
            Assert.InRange(values.Average(value => value * value) / (bound * bound / 3), 0.75, 1.25);
        }
    }

    [Fact]
    public void Streams_count_up_and_keys_name_seed_stream_step_and_micro_batch()
    {
        RandomStreams streams = new(7) { Step = 3, MicroBatch = 2 };

        Assert.Equal(0u, streams.NextStream());
        Assert.Equal(new Transformer.Kernels.RandomKey(7, 1, 0, 0), streams.NextInitialKey());
        Assert.Equal(2u, streams.NextStream());
        Assert.Equal(new Transformer.Kernels.RandomKey(7, 9, 3, 2), streams.Key(9));
    }
}
