using Transformer.Training.Metrics;
using Xunit;

namespace Training.Tests.Metrics;

public class ExactMatchTests
{
    [Fact]
    public void The_share_of_equal_sentences_is_a_percentage()
    {
        Assert.Equal(50, ExactMatch.Percentage(["a", "B", "c d", ""], ["a", "b", "c  d", ""]));
        Assert.Equal(0, ExactMatch.Percentage([], []));
        Assert.Throws<ArgumentException>(() => ExactMatch.Percentage(["a"], []));
    }
}
