using Transformer.Testing;
using Xunit;

namespace Training.Tests;

/// <summary>The reference files are whole and mean what their README says.</summary>
public class ReferencesTests
{
    [Theory]
    [InlineData("operations")]
    [InlineData("layer_norm")]
    [InlineData("cross_entropy")]
    [InlineData("scaled_dot_product_attention")]
    [InlineData("multi_head_attention")]
    [InlineData("encoder_layer")]
    [InlineData("decoder_layer")]
    [InlineData("transformer")]
    [InlineData("translation_model")]
    [InlineData("optimizers")]
    [InlineData("clipping")]
    public void Every_tensor_fills_its_shape_and_every_gradient_has_the_shape_of_its_leaf(string topic)
    {
        var cases = References.Load(topic);
        Assert.NotEmpty(cases);
        foreach (var one in cases.Values)
        {
            Assert.NotEmpty(one.Tensors);
            Assert.All(one.Tensors.Values, tensor =>
                Assert.Equal(tensor.Shape.Aggregate(1, (product, size) => product * size), tensor.Values.Length));
            Assert.All(one.Leaves, leaf => Assert.Equal(one[leaf].Shape, one.Gradient(leaf).Shape));
        }
    }

    [Fact]
    public void Attention_weights_are_zero_where_a_mask_says_zero_and_each_row_sums_to_one()
    {
        foreach (var (name, one) in References.Load("multi_head_attention"))
        {
            var weights = one["weights"];
            var (batch, heads, targets, sources) = (weights.Shape[0], weights.Shape[1], weights.Shape[2], weights.Shape[3]);
            for (var row = 0; row < batch * heads * targets; row++)
            {
                var (sentence, target) = (row / (heads * targets), row % targets);
                var values = weights.Values.AsSpan(row * sources, sources).ToArray();
                Assert.True(Math.Abs(1 - values.Sum()) < 1e-14, name);
                for (var source = 0; source < sources; source++)
                {
                    var may = (!one.Has("paddingMask") || one["paddingMask"].Mask[(sentence * sources) + source])
                        && (!one.Has("causalMask") || one["causalMask"].Mask[(target * sources) + source]);
                    Assert.Equal(may, values[source] != 0);
                }
            }
        }
    }

    [Fact]
    public void The_sum_rule_that_gives_the_gradient_of_a_broadcast_input_holds()
    {
        // y = a + b with a [2, 1, 4], b [3, 1], y [2, 3, 4]: ∂L/∂b_j = Σ_ik ∂L/∂y_ijk
        var one = References.Load("operations")["add_broadcast"];
        var dy = one.Gradient("output").Values;
        for (var j = 0; j < 3; j++)
        {
            var sum = Enumerable.Range(0, 24).Where(index => index / 4 % 3 == j).Sum(index => dy[index]);
            Assert.Equal(sum, one.Gradient("b").Values[j], 1e-12);
        }
    }
}
