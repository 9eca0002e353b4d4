using Benchmarks.Measuring;
using Xunit;

namespace Benchmarks.Tests.Measuring;

public class SpreadTests
{
    [Fact]
    public void The_median_is_the_middle_value_or_the_mean_of_the_middle_two()
    {
        Assert.Equal(new Spread(3, 1, 9, 3), Spread.Of([9, 1, 3]));
        Assert.Equal(new Spread(2.5, 1, 9, 4), Spread.Of([9, 3, 1, 2]));
        Assert.Equal(new Spread(7, 7, 7, 1), Spread.Of([7]));
    }

    [Fact]
    public void The_values_stay_in_their_order()
    {
        double[] values = [3, 1, 2];
        Spread.Of(values);
        Assert.Equal([3, 1, 2], values);
    }

    [Fact]
    public void A_factor_changes_the_values_and_not_their_number() =>
        Assert.Equal(new Spread(3000, 1000, 9000, 3), Spread.Of([9, 1, 3]) * 1000);

    [Fact]
    public void Of_nothing_there_is_no_median() => Assert.Throws<ArgumentException>(() => Spread.Of([]));
}
