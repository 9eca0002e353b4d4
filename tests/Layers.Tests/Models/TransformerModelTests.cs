using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests.Models;

public class TransformerModelTests
{
    private static readonly Indices Source = new([4, 7, 5, 8, 2, 6, 3, 2, 0, 0], [2, 5]);
    private static readonly Indices Target = new([1, 8, 4, 9, 1, 5, 7, 3], [2, 4]);
    private static readonly Indices Expected = new([8, 4, 9, 2, 5, 7, 3, 2], [2, 4]);

    [Fact]
    public void Logits_have_one_row_for_each_target_position()
    {
        TransformerModel model = new(SmallModels.Small, new RandomStreams(1));

        Assert.Equal([2, 4, 10], model.Forward(Source, Target).Shape);
        Assert.Equal([2, 5, 8], model.Encode(Source).Shape);
    }

    [Fact]
    public void Cross_attention_weights_of_every_decoder_layer_come_on_request()
    {
        TransformerModel model = new(SmallModels.Small, new RandomStreams(1));
        List<Tensor> weights = [];

        model.Forward(Source, Target, weights);

        Assert.Equal(2, weights.Count);
        Assert.All(weights, layer => Assert.Equal([2, 2, 4, 5], layer.Shape));
        Assert.Equal(0, weights[1][1, 0, 2, 3]);
    }

    [Fact]
    public void The_same_seed_and_step_give_the_same_bits_and_another_seed_or_step_does_not()
    {
        double[] first = Loss(seed: 1, step: 4);

        Assert.Equal(first, Loss(seed: 1, step: 4));
        Assert.NotEqual(first, Loss(seed: 1, step: 5));
        Assert.NotEqual(first, Loss(seed: 2, step: 4));
    }

    [Fact]
    public void One_thread_and_two_threads_give_the_same_bits()
    {
        int before = Execution.ThreadCount;
        try
        {
            Execution.ThreadCount = 1;
            double[][] one = Gradients();
            Execution.ThreadCount = 2;
            double[][] two = Gradients();

            for (int i = 0; i < one.Length; i++)
                Assert.Equal(one[i], two[i]);
        }
        finally
        {
            Execution.ThreadCount = before;
        }

        // Large enough that kernels share the work among threads.
        static double[][] Gradients()
        {
            TransformerConfiguration configuration = SmallModels.Small with
            {
                SourceVocabularySize = 300,
                TargetVocabularySize = 400,
                ModelSize = 64,
                HeadCount = 4,
                FeedForwardSize = 128,
                DType = DType.Float32,
            };
            TransformerModel model = new(configuration, new RandomStreams(1));
            Indices tokens = new([.. Enumerable.Range(0, 32 * 16).Select(i => 1 + i * 37 % 299)], [32, 16]);
            model.Forward(tokens, tokens).CrossEntropy(tokens, 0.1, 0).Backward();
            return [.. model.Parameters().Select(parameter => parameter.Gradient!.ToDoubles())];
        }
    }

    [Fact]
    public void Float32_is_close_to_Float64_in_loss_and_gradients()
    {
        TransformerModel wide = new(SmallModels.Small, new RandomStreams(1));
        TransformerModel narrow = new(SmallModels.Small with { DType = DType.Float32 }, new RandomStreams(1));
        foreach ((Parameter from, Parameter to) in wide.Parameters().Zip(narrow.Parameters()))
        {
            to.CopyFrom(from);
            from.CopyFrom(to);
        }

        Tensor wideLoss = wide.Forward(Source, Target).CrossEntropy(Expected, 0.1, 0);
        Tensor narrowLoss = narrow.Forward(Source, Target).CrossEntropy(Expected, 0.1, 0);
        wideLoss.Backward();
        narrowLoss.Backward();

        Assert.Equal(wideLoss.Item(), narrowLoss.Item(), 1e-5);
        foreach ((Parameter expected, Parameter actual) in wide.Parameters().Zip(narrow.Parameters()))
        {
            double largest = expected.Gradient!.ToDoubles().Max(Math.Abs);
            for (int i = 0; i < expected.Count; i++)
                Assert.Equal(expected.Gradient.ValueAt(i), actual.Gradient!.ValueAt(i), 1e-4 * largest);
        }
    }

    [Fact]
    public void Plain_gradient_descent_learns_a_batch_by_heart()
    {
        TransformerModel model = new(SmallModels.Small with { DropoutRate = 0 }, new RandomStreams(1));
        double first = 0;
        double last = 0;
        for (int i = 0; i < 200; i++)
        {
            using Step step = new();
            model.ZeroGradients();
            Tensor loss = model.Forward(Source, Target).CrossEntropy(Expected);
            loss.Backward();
            foreach (Parameter parameter in model.Parameters())
                parameter.CopyFrom(parameter.Detach() - parameter.Gradient! * 0.1);
            last = loss.Item();
            first = i == 0 ? last : first;
        }

        Assert.True(first > 2, $"{first}");
        Assert.True(last < 0.05, $"{last}");
    }

    [Fact]
    public void The_padding_row_gets_no_gradient_from_look_ups_but_from_a_tied_projection()
    {
        TransformerModel tied = new(SmallModels.Small, new RandomStreams(1));
        TransformerModel untied = new(SmallModels.Small with { TiedOutput = false }, new RandomStreams(1));
        foreach (TransformerModel model in new[] { tied, untied })
            model.Forward(Source, Target).CrossEntropy(Expected).Backward();

        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(0, untied.TargetEmbedding.Weight.Gradient![0, i]);
            Assert.Equal(0, tied.SourceEmbedding.Weight.Gradient![0, i]);
            Assert.NotEqual(0, tied.TargetEmbedding.Weight.Gradient![0, i]);
        }
    }

    [Fact]
    public void Tokens_of_another_rank_or_beyond_the_vocabulary_are_refused()
    {
        TransformerModel model = new(SmallModels.Small, new RandomStreams(1));

        Assert.Contains("source is [batch, length], not [3]", Assert.Throws<ArgumentException>(() => model.Forward(new([1, 2, 3]), Target)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => model.Forward(new([1, 9], [1, 2]), new([1], [1, 1])));
        Assert.Contains(
            "positions 0 to 40 do not lie within the model's maximum length 40",
            Assert.Throws<ArgumentException>(() => model.Encode(new(new int[41], [1, 41]))).Message,
            StringComparison.Ordinal);
    }

    private static double[] Loss(ulong seed, uint step)
    {
        RandomStreams streams = new(seed);
        TransformerModel model = new(SmallModels.Small, streams);
        streams.Step = step;
        return model.Forward(Source, Target).ToDoubles();
    }
}
