using Benchmarks.Scaling;
using Xunit;

namespace Benchmarks.Tests.Scaling;

public class ScalingResultTests
{
    [Fact]
    public void Exponents_and_the_largest_factors_come_from_the_points()
    {
        ScalingResult result = new("length", "", [Point(512, 10, 100), Point(1024, 40, 150), Point(2048, 160, 400)]);
        Assert.Equal(2, result.TimeExponent, 12);
        Assert.Equal(Math.Log2(4) / 2, result.MemoryExponent, 12);
        Assert.Equal(4, result.LargestTimeFactor, 12);
        Assert.Equal(400.0 / 150, result.LargestMemoryFactor, 12);
    }

    private static ScalingPoint Point(int size, double ms, double memory) => new(size, ms, ms, ms, 1, memory, 0, false);
}
