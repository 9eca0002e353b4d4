using Benchmarks.Scaling;
using Xunit;

namespace Benchmarks.Tests.Scaling;

public class PowerLawTests
{
    [Theory]
    [InlineData(3, 2)]
    [InlineData(0.5, 1)]
    [InlineData(7, -0.25)]
    [InlineData(2, 0)]
    public void A_power_law_is_found_again(double factor, double exponent)
    {
        PowerLaw law = PowerLaw.Fit([.. new double[] { 1, 2, 5, 40 }.Select(x => (x, factor * Math.Pow(x, exponent)))]);
        Assert.Equal(factor, law.Factor, 12);
        Assert.Equal(exponent, law.Exponent, 12);
    }

    // ln x = 0, 1, 2 and ln y = 0, 2, 1, each less its mean of 1: −1, 0, 1 and −1, 1, 0. The slope is 1/2, and the line passes (1, 1).
    [Fact]
    public void Points_off_the_line_are_fitted_by_least_squares_of_the_logarithms()
    {
        PowerLaw law = PowerLaw.Fit([(1, 1), (Math.E, Math.Exp(2)), (Math.Exp(2), Math.E)]);
        Assert.Equal(0.5, law.Exponent, 12);
        Assert.Equal(Math.Exp(0.5), law.Factor, 12);
    }

    [Fact]
    public void What_has_no_line_is_refused()
    {
        Assert.Throws<ArgumentException>(() => PowerLaw.Fit([(2, 1), (2, 3)]));
        Assert.Throws<ArgumentException>(() => PowerLaw.Fit([(1, 1), (2, 0)]));
    }
}
