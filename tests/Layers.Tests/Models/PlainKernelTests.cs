using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests.Models;

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SwitchesPlain
{
    public const string Name = "Switches Execution.Plain";
}

[Collection(SwitchesPlain.Name)]
public class PlainKernelTests
{
    [Fact]
    public void The_plain_loops_give_the_losses_and_gradients_of_the_fast_kernels_to_rounding()
    {
        double[] fast = LossAndGradients();
        Execution.Plain = true;
        try
        {
            double[] plain = LossAndGradients();
            double scale = fast.Max(Math.Abs);
            for (int i = 0; i < fast.Length; i++)
                Assert.Equal(fast[i], plain[i], 1e-12 * scale);
        }
        finally
        {
            Execution.Plain = false;
        }
    }

    private static double[] LossAndGradients()
    {
        TransformerModel model = new(SmallModels.Small, new RandomStreams(3));
        Indices source = new([4, 5, 6, 7, 8, 0], [2, 3]);
        Indices target = new([1, 4, 5, 1, 6, 0], [2, 3]);
        Tensor loss = model.Forward(source, target).CrossEntropy(new Indices([4, 5, 2, 6, 2, 0], [2, 3]), 0.1, 0);
        loss.Backward();
        return [loss.Item(), .. model.Parameters().SelectMany(parameter => parameter.Gradient!.ToDoubles())];
    }
}
