using Xunit;

namespace Layers.Tests;

public class SmokeTests
{
    [Fact]
    public void Two_and_two_are_four() => Assert.Equal(4, 2 + 2);
}
