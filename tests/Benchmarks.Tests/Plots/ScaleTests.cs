using Benchmarks.Plots;
using Xunit;

namespace Benchmarks.Tests.Plots;

public class ScaleTests
{
    [Fact]
    public void Equal_differences_are_equal_distances()
    {
        Scale scale = new(0, 10, From: 100, To: 300);
        Assert.Equal([100, 150, 300], new[] { 0, 2.5, 10 }.Select(scale.Place));
    }

    [Fact]
    public void By_logarithm_equal_ratios_are_equal_distances()
    {
        Scale scale = new(1, 100, From: 0, To: 200, Logarithmic: true);
        Assert.Equal([0, 100, 200], new[] { 1.0, 10, 100 }.Select(value => Math.Round(scale.Place(value), 9)));
        Assert.Equal([1, 2, 5, 10, 20, 50, 100], scale.Ticks());
    }

    [Theory]
    [InlineData(0, 1056, 200, 1200)]
    [InlineData(8.2, 40.6, 5, 45)]
    [InlineData(0, 0.95, 0.2, 1.0)]
    [InlineData(0, 5.3, 1, 6)]
    public void A_linear_scale_ends_on_lines_of_its_grid(double least, double most, double step, double end)
    {
        Scale scale = Scale.Over(least, most, 0, 1);
        double[] ticks = [.. scale.Ticks()];
        Assert.Equal(end, scale.Most, 9);
        Assert.True(scale.Least <= least);
        Assert.Equal(scale.Least, ticks[0], 9);
        Assert.Equal(scale.Most, ticks[^1], 9);
        Assert.Equal(step, ticks[1] - ticks[0], 9);
    }
}
