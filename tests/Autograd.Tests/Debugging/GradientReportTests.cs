using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging;

public class GradientReportTests
{
    private static readonly Tensor First = Tensor.Zeros([2], DType.Float64);
    private static readonly Tensor Second = Tensor.Zeros([1, 2], DType.Float64);

    [Fact]
    public void A_gradient_that_is_not_a_number_fails_though_later_elements_agree()
    {
        GradientReport report = Report(new(0, 0, double.NaN, 1), new(0, 1, 2, 2), new(1, 0, 3, 3), new(1, 1, 4, 4));
        Assert.False(report.Passed);
        Assert.True(double.IsNaN(report.WorstError));
        Assert.True(double.IsNaN(report.LargestGradient));
        Assert.Equal(0, report.Worst!.Value.Position);
        Assert.Equal(0, report.ErrorOf(report.Elements[1]));
    }

    [Fact]
    public void An_infinite_gradient_fails_and_leaves_the_other_elements_alone()
    {
        GradientReport report = Report(new(0, 0, double.PositiveInfinity, 1), new(0, 1, 2, 2.5));
        Assert.False(report.Passed);
        Assert.Equal(0.2, report.ErrorOf(report.Elements[1]), 1e-12);
    }

    [Fact]
    public void Errors_are_relative_to_the_element_but_at_least_to_a_hundredth_of_the_largest_of_its_leaf()
    {
        GradientReport report = Report(new(0, 0, 1, 1), new(0, 1, 0, 1e-9), new(1, 0, 1e-3, 1.1e-3), new(1, 1, 0, 0));
        Assert.Equal(1e-7, report.ErrorOf(report.Elements[1]), 1e-15);
        Assert.Equal(1 / 11.0, report.WorstError, 1e-12);
        Assert.Equal(1, report.LargestGradient);
        Assert.Equal(
            "Gradient check FAILED: 4 elements, worst relative error 9.09E-002 (allowed 1E-006)." + Environment.NewLine
            + "  leaf 1[1, 2], element [0, 0]: backward 0.001, difference 0.0011, relative error 9.09E-002",
            report.ToString());
    }

    [Fact]
    public void The_leaves_values_come_back_even_where_the_function_throws()
    {
        Tensor x = Tensor.From([1.0, 2], dtype: DType.Float64).AsLeaf();
        int calls = 0;
        Assert.Throws<InvalidOperationException>(() => GradientCheck.Run(
            () => ++calls < 4 ? x.Sum() : throw new InvalidOperationException("no"), x));
        Assert.Equal([1, 2], x.ToDoubles());
    }

    [Fact]
    public void Weights_of_the_outputs_cancel_in_no_sum_of_a_few()
    {
        // y = x: the gradient is the weights themselves. All 4095 sums of some of twelve are far from rounding errors.
        Tensor x = Tensor.Zeros([12], DType.Float64).AsLeaf();
        GradientReport report = GradientCheck.Run(() => x.Reshape(12), x);
        double smallest = Enumerable.Range(1, 4095)
            .Min(subset => Math.Abs(report.Elements.Where(e => (subset >> e.Position & 1) == 1).Sum(e => e.Analytic)));
        Assert.True(smallest > 1e-6, $"{smallest}");
    }

    private static GradientReport Report(params ElementGradient[] elements) => new(elements, [First, Second], 1e-6);
}
