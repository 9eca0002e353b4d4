using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class MovingAverageStepTests
{
    [Fact]
    public void Steps_agree_with_their_plain_form()
    {
        foreach (int size in Sizes)
        {
            AgreesWithPlain<float>([size], size, (x, y) => MovingAverageStep.Update<float>(y, x[0], 0.3f), keepsOutput: true);
            AgreesWithPlain<double>([size], size, (x, y) => MovingAverageStep.Update<double>(y, x[0], 0.3), keepsOutput: true);
        }
    }

    [Fact]
    public void A_quarter_of_the_way_to_the_values()
    {
        double[] average = [1, -2, 8];
        MovingAverageStep.Update<double>(average, [5, 2, 8], 0.25);
        Assert.Equal([2, -1, 8], average);
    }
}
