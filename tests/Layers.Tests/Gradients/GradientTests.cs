using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Testing;
using Xunit;

namespace Layers.Tests.Gradients;

public class GradientTests
{
    private const int ChecksPerRow = 4;

    [Fact]
    public void Every_layers_gradients_agree_with_central_differences()
    {
        foreach ((string name, Func<LayerSizes, LayerCase> make) in LayerCatalogue.Rows)
        {
            Properties.Check(ChecksPerRow, LayerSizes.Arbitrary, sizes =>
            {
                LayerCase layer = make(sizes);
                GradientReport report = GradientCheck.Run(layer.Function, layer.Leaves);
                Assert.True(report.Passed, $"{name}, {sizes}: {report}");
                GradientLedger.Record(layer.Module.Kind, report);
            });
        }
    }

    [Fact]
    public void Every_layer_of_the_library_is_in_the_catalogue()
    {
        IEnumerable<string> all = typeof(Module).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Module)) && !type.IsAbstract)
            .Select(type => type.Name);
        IEnumerable<string> listed = LayerCatalogue.Rows
            .Select(row => row.Make(new LayerSizes(1, 2, 2, 2, 2, 5)).Module.Kind)
            .Distinct();

        Assert.Equal(all.Order(), listed.Order());
    }

    [Fact]
    public void A_layer_that_forgets_a_part_of_its_gradient_is_caught()
    {
        Linear linear = new(3, 2, new RandomStreams(1), DType.Float64);
        Tensor x = Tensor.From([1, -2, 0.5], [1, 3], DType.Float64).AsLeaf();

        GradientReport report = GradientCheck.Run(() => x.Detach().Linear(linear.Weight) + linear.Forward(x), x);

        GradientLedger.RecordPlanted(!report.Passed);
        Assert.False(report.Passed);
    }
}
