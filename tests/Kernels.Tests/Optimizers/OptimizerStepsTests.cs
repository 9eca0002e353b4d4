using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class OptimizerStepsTests
{
    private static readonly AdamStep adam = new(0.01, 0.9, 0.98, 1e-8, 1 - Math.Pow(0.9, 3), 1 - Math.Pow(0.98, 3), 0.1, Decoupled: true, 0.5);
    private static readonly MomentumStep momentum = new(0.01, 0.9, Nesterov: true, 0.1, 0.5);

    [Fact]
    public void Steps_agree_with_their_plain_form()
    {
        foreach (int size in Sizes)
        {
            // Each of the arrays that a step writes; the second moment is a square and so not negative.
            foreach (bool decoupled in new[] { true, false })
            {
                AdamStep step = adam with { Decoupled = decoupled };
                AgreesWithPlain<float>([size, size, size], size, (x, y) => OptimizerSteps.Adam<float>(y, x[0], Copy(x[1]), Squares(x[2]), step), 64, keepsOutput: true);
                AgreesWithPlain<double>([size, size, size], size, (x, y) => OptimizerSteps.Adam<double>(y, x[0], Copy(x[1]), Squares(x[2]), step), 64, keepsOutput: true);
                AgreesWithPlain<double>([size, size, size], size, (x, y) => OptimizerSteps.Adam<double>(Copy(x[1]), x[0], y, Squares(x[2]), step), keepsOutput: true);
            }
            AgreesWithPlain<float>([size, size], size, (x, y) => OptimizerSteps.Momentum<float>(y, x[0], Copy(x[1]), momentum), keepsOutput: true);
            AgreesWithPlain<double>([size, size], size, (x, y) => OptimizerSteps.Momentum<double>(Copy(x[1]), x[0], y, momentum with { Nesterov = false }), keepsOutput: true);
            AgreesWithPlain<double>([size], size, (x, y) => OptimizerSteps.Momentum<double>(y, x[0], [], momentum with { Momentum = 0 }), keepsOutput: true);
        }

        static T[] Copy<T>(Span<T> x) => x.ToArray();

        static T[] Squares<T>(Span<T> x)
            where T : System.Numerics.INumber<T> => [.. x.ToArray().Select(value => value * value)];
    }

    [Fact]
    public void The_first_step_of_adam_is_the_rate_in_the_direction_of_the_gradient()
    {
        // m = 0.1 g, v = 0.02 g², both corrected to g and g²: p − η g / (|g| + ε) = 1 ∓ 0.01
        double[] p = [1, 1];
        var first = new double[2];
        var second = new double[2];
        OptimizerSteps.Adam<double>(p, [3, -0.5], first, second, new(0.01, 0.9, 0.98, 0, 0.1, 0.02, 0, false, 1));
        Assert.Equal(0.99, p[0], 1e-15);
        Assert.Equal(1.01, p[1], 1e-15);
        Assert.Equal(0.3, first[0], 1e-15);
        Assert.Equal(0.18, second[0], 1e-15);

        // Decoupled decay alone: p (1 − η λ) = 1 − 0.01 · 0.5
        p = [1];
        OptimizerSteps.Adam<double>(p, [0], new double[1], new double[1], new(0.01, 0.9, 0.98, 1e-8, 0.1, 0.02, 0.5, true, 1));
        Assert.Equal(0.995, p[0], 1e-15);

        // The same decay in the gradient: g = 0.5, a full step of the rate
        p = [1];
        OptimizerSteps.Adam<double>(p, [0], new double[1], new double[1], new(0.01, 0.9, 0.98, 0, 0.1, 0.02, 0.5, false, 1));
        Assert.Equal(0.99, p[0], 1e-15);
    }

    [Fact]
    public void Momentum_adds_up()
    {
        // b: 2, then 0.5 · 2 + 2 = 3; p: 10 − 0.1 · 2 − 0.1 · 3 = 9.5
        double[] p = [10];
        var buffer = new double[1];
        var step = new MomentumStep(0.1, 0.5, Nesterov: false, 0, 1);
        OptimizerSteps.Momentum<double>(p, [2], buffer, step);
        OptimizerSteps.Momentum<double>(p, [2], buffer, step);
        Assert.Equal(9.5, p[0], 1e-14);
        Assert.Equal(3, buffer[0], 1e-15);

        // Nesterov: p − 0.1 (2 + 0.5 · 2) = 9.7
        p = [10];
        OptimizerSteps.Momentum<double>(p, [2], new double[1], step with { Nesterov = true });
        Assert.Equal(9.7, p[0], 1e-14);
    }
}
