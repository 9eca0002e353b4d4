using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Xunit;
using Xunit.Abstractions;

namespace Layers.Tests.Gradients;

public class GradientTests(ITestOutputHelper output)
{
    private const int ChecksPerRow = 4;

    [Fact]
    public void Every_layers_gradients_agree_with_central_differences()
    {
        HashSet<string> layers = [];
        int checks = 0;
        int elements = 0;
        double worst = 0;
        foreach ((string name, Func<LayerSizes, LayerCase> make) in LayerCatalogue.Rows)
        {
            Property property = Prop.ForAll(LayerSizes.Arbitrary, sizes =>
            {
                LayerCase layer = make(sizes);
                GradientReport report = GradientCheck.Run(layer.Function, layer.Leaves);
                Assert.True(report.Passed, $"{name}, {sizes}: {report}");
                layers.Add(layer.Module.Kind);
                checks++;
                elements += report.Elements.Count;
                worst = Math.Max(worst, report.WorstError);
            });
            Check.One(Settings, property);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Gradient checks: {layers.Count} layers, {checks} checks ({elements} elements), worst relative error {worst:E1} (allowed 1e-6)"));
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

        Assert.False(report.Passed);
    }

    // FSCHECK_REPLAY="seed,gamma,size" repeats a failure.
    private static Config Settings
    {
        get
        {
            Config config = Config.QuickThrowOnFailure.WithMaxTest(ChecksPerRow).WithQuietOnSuccess(true);
            string[]? replay = Environment.GetEnvironmentVariable("FSCHECK_REPLAY")?.Trim('(', ')').Split(',');
            return replay is null
                ? config
                : config.WithReplay(
                    ulong.Parse(replay[0], CultureInfo.InvariantCulture),
                    ulong.Parse(replay[1], CultureInfo.InvariantCulture),
                    int.Parse(replay[2], CultureInfo.InvariantCulture));
        }
    }
}
