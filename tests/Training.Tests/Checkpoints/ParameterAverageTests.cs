using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Checkpoints;
using Xunit;

namespace Training.Tests.Checkpoints;

public class ParameterAverageTests
{
    [Fact]
    public void The_last_three_of_four_by_hand()
    {
        // Element i of every parameter is s + i in snapshot s; of 1, 2, 4, 9 the last three have the mean 5.
        TransformerModel model = Toy.Model(1);
        ParameterAverage average = new(3);
        foreach (int snapshot in (int[])[1, 2, 4, 9])
        {
            foreach (Parameter parameter in model.Parameters())
                parameter.CopyFrom(Tensor.From([.. Enumerable.Range(snapshot, parameter.Count).Select(i => (double)i)], parameter.Shape, DType.Float64));
            average.Add(model);
        }

        Assert.Equal(3, average.Held);
        TransformerModel mean = Toy.Model(2);
        average.CopyTo(mean);
        Assert.All(mean.Parameters(), parameter => Assert.Equal(Enumerable.Range(5, parameter.Count).Select(i => (double)i), parameter.ToDoubles()));
    }

    [Fact]
    public void The_mean_of_equal_models_is_that_model_to_the_bit()
    {
        TransformerModel model = Toy.Model(3, Toy.Configuration with { DType = DType.Float32 });
        ParameterAverage average = new(7);
        for (int i = 0; i < 7; i++)
            average.Add(model);
        TransformerModel mean = Toy.Model(4, model.Configuration);
        average.CopyTo(mean);
        Assert.Equal(ModelTensors.Sha256(model), ModelTensors.Sha256(mean));
    }

    [Fact]
    public void Misuse_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParameterAverage(0));
        ParameterAverage average = new(2);
        Assert.Throws<InvalidOperationException>(() => average.CopyTo(Toy.Model(1)));
        average.Add(Toy.Model(1));
        Assert.Throws<ArgumentException>(() => average.CopyTo(Toy.Model(1, Toy.Configuration with { FeedForwardSize = 8 })));
        Assert.Throws<ArgumentException>(() => average.Add(Toy.Model(1, Toy.Configuration with { DecoderLayerCount = 2 })));
    }
}
