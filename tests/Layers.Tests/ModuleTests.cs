using Transformer.Autograd;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests;

public class ModuleTests
{
    [Fact]
    public void Modules_know_their_path_and_parameters_their_key()
    {
        TransformerModel model = new(SmallModels.Small, new RandomStreams(1));

        Assert.Equal(string.Empty, model.Path);
        Assert.Equal("encoder.layers.0.self_attn", model.Encoder.Layers[0].SelfAttention.Path);
        Assert.Equal("decoder.layers.1.feed_forward.linear1", model.Decoder.Layers[1].FeedForward.First.Path);
        Assert.Equal("decoder.layers.1.linear1.weight", model.Decoder.Layers[1].FeedForward.First.Weight.Name);
        Assert.Equal("target_embedding.weight", model.Output.Weight.Name);
        Assert.Same(model.Decoder, model.Decoder.Norm.Parent);
        Assert.StartsWith("[8] Float64 encoder.norm.bias", model.Encoder.Norm.Bias.ToString(), StringComparison.Ordinal);
        Assert.Equal("encoder.norm LayerNorm (16 parameters)", model.Encoder.Norm.ToString());
    }

    [Fact]
    public void Keys_are_relative_to_the_module_that_is_asked()
    {
        TransformerModel model = new(SmallModels.Small, new RandomStreams(1));
        string[] expected =
        [
            "self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight", "self_attn.out_proj.bias",
            "linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias",
            "norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias",
        ];

        Assert.Equal(expected, model.Encoder.Layers[1].NamedParameters().Select(entry => entry.Name));
        Assert.Equal(expected[4..8], model.Encoder.Layers[1].FeedForward.NamedParameters().Select(entry => entry.Name));
    }

    [Fact]
    public void Train_and_Evaluate_reach_every_module_inside()
    {
        TransformerModel model = new(SmallModels.Small, new RandomStreams(1));
        Assert.All(model.Modules(), module => Assert.True(module.Training));

        model.Evaluate();
        Assert.All(model.Modules(), module => Assert.False(module.Training));

        model.Decoder.Train();
        Assert.True(model.Decoder.Layers[0].SelfAttention.Training);
        Assert.False(model.Encoder.Layers[0].SelfAttention.Training);
    }

    [Fact]
    public void ZeroGradients_forgets_all_gradients()
    {
        Linear linear = new(3, 2, new RandomStreams(1));
        linear.Forward(Tensor.Full([1, 3], 1)).Sum().Backward();
        Assert.All(linear.Parameters(), parameter => Assert.NotNull(parameter.Gradient));

        linear.ZeroGradients();

        Assert.All(linear.Parameters(), parameter => Assert.Null(parameter.Gradient));
    }

    [Fact]
    public void A_name_that_is_taken_and_a_child_that_is_held_are_refused()
    {
        Assert.Contains("the name weight is taken", Assert.Throws<ArgumentException>(() => new TwoOfOneName()).Message, StringComparison.Ordinal);
        LayerNorm shared = new(2);
        _ = new Holder(shared);
        Assert.Contains("is held by Holder already", Assert.Throws<ArgumentException>(() => new Holder(shared)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_lists_modules_output_and_parameter_shapes_and_counts_that_add_up()
    {
        const string Expected = """
            module      class         output      parameters                     count  shared
            -------------------------------------------------------------------------------------------------
            (all)       SharingModel
            table       Embedding     [.., 8]     weight [1000, 8]               8,000
            inner       Holder
              norm      LayerNorm     [.., 8]     weight [8], bias [8]              16
            projection  Linear        [.., 1000]  weight [1000, 8], bias [1000]  1,000  weight = table.weight
            -------------------------------------------------------------------------------------------------
            total                                                                9,016

            """;

        Assert.Equal(Expected, new SharingModel().Summary());
    }

    [Fact]
    public void A_shared_parameter_is_counted_and_listed_once()
    {
        TransformerModel tied = new(SmallModels.Small, new RandomStreams(1));
        TransformerModel untied = new(SmallModels.Small with { TiedOutput = false }, new RandomStreams(1));

        Assert.Equal(untied.ParameterCount - 10 * 8, tied.ParameterCount);
        Assert.Equal(tied.Parameters().Distinct().Count(), tied.Parameters().Count());
        Assert.Same(tied.TargetEmbedding.Weight, tied.Output.Weight);
        Assert.Contains("weight = target_embedding.weight", tied.Summary(), StringComparison.Ordinal);
    }

    private sealed class TwoOfOneName : Module
    {
        public TwoOfOneName()
        {
            Register("weight", Tensor.Zeros([1]));
            Register("weight", Tensor.Zeros([1]));
        }
    }

    private sealed class Holder : Module
    {
        public Holder(LayerNorm norm) => Register("norm", norm);
    }

    private sealed class SharingModel : Module
    {
        public SharingModel()
        {
            Embedding table = Register("table", new Embedding(1000, 8, null, new RandomStreams(1)));
            Register("inner", new Holder(new LayerNorm(8)));
            Register("projection", new Linear(table.Weight, Tensor.Zeros([1000])));
        }
    }
}
