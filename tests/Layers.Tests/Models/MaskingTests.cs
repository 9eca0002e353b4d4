using Transformer.Autograd;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests.Models;

public class MaskingTests
{
    [Theory]
    [InlineData(NormPlacement.Post, false)]
    [InlineData(NormPlacement.Pre, true)]
    public void More_padding_does_not_change_the_logits_of_real_positions(NormPlacement placement, bool composed)
    {
        TransformerModel model = Model(placement, composed);

        Tensor tight = model.Forward(new([4, 7, 2], [1, 3]), new([1, 8, 4], [1, 3]));
        Tensor padded = model.Forward(new([4, 7, 2, 0, 0, 0], [1, 6]), new([1, 8, 4, 0, 0], [1, 5]));

        for (int position = 0; position < 3; position++)
        {
            for (int token = 0; token < 10; token++)
                Assert.Equal(tight[0, position, token], padded[0, position, token], 1e-12);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_later_target_token_does_not_change_earlier_logits_and_does_change_later_ones(bool composed)
    {
        TransformerModel model = Model(NormPlacement.Post, composed);
        int[] target = [1, 8, 4, 9, 3];

        Tensor before = model.Forward(new([4, 7, 2], [1, 3]), new(target, [1, 5]));
        target[3] = 5;
        Tensor after = model.Forward(new([4, 7, 2], [1, 3]), new(target, [1, 5]));

        double[] changes = [.. before.ToDoubles().Zip(after.ToDoubles(), (a, b) => Math.Abs(a - b))];
        Assert.All(changes[..(3 * 10)], change => Assert.Equal(0, change));
        Assert.True(changes[30..40].Max() > 1e-3);
        Assert.True(changes[40..50].Max() > 1e-3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sentence_of_nothing_but_padding_gives_no_NaN_and_leaves_the_others_alone(bool composed)
    {
        TransformerModel model = Model(NormPlacement.Post, composed);

        Tensor both = model.Forward(new([4, 7, 2, 0, 0, 0], [2, 3]), new([1, 8, 0, 0], [2, 2]));
        Tensor alone = model.Forward(new([4, 7, 2], [1, 3]), new([1, 8], [1, 2]));
        both.CrossEntropy(new Indices([8, 2, 0, 0], [2, 2]), ignoredTarget: 0).Backward();

        Assert.Equal(alone.ToDoubles().Length * 2, both.Count);
        for (int i = 0; i < alone.Count; i++)
            Assert.Equal(alone.ValueAt(i), both.ValueAt(i), 1e-12);
        Assert.All(both.ToDoubles(), value => Assert.True(double.IsFinite(value)));
        Assert.All(model.Parameters(), parameter => Assert.All(parameter.Gradient!.ToDoubles(), value => Assert.True(double.IsFinite(value))));
    }

    private static TransformerModel Model(NormPlacement placement, bool composed)
    {
        TransformerModel model = new(SmallModels.Small with { NormPlacement = placement }, new RandomStreams(3));
        model.Composed = composed;
        model.Evaluate();
        return model;
    }
}
