using Benchmarks.Comparing;
using Xunit;

namespace Benchmarks.Tests.Comparing;

public class FindingsTests
{
    [Fact]
    public void The_ratio_says_how_many_times_better_ours_is_whichever_way_is_better()
    {
        Findings findings = new();
        findings.Add(Parts.Steps, "time", "ms", Better.Smaller, ours: 10, pyTorch: 40);
        findings.Add(Parts.Decode, "rate", "tokens/s", Better.Larger, ours: 10, pyTorch: 40);
        Assert.Equal([4, 0.25], findings.Rows().Select(row => row.Ratio!.Value.Median));
    }

    [Fact]
    public void The_ratio_is_the_median_of_the_rounds_ratios_not_the_ratio_of_medians()
    {
        Findings findings = new();
        foreach ((double ours, double theirs) in new[] { (1.0, 8.0), (2.0, 6.0), (3.0, 30.0) })
            findings.Add(Parts.Steps, "tiny, dropout 0.1", "ms", Better.Smaller, ours, theirs);
        ComparisonRow row = Assert.Single(findings.Rows());
        Assert.Equal((2, 8), (row.Ours!.Value.Median, row.PyTorch!.Value.Median));
        Assert.Equal((8, 3, 10), (row.Ratio!.Value.Median, row.Ratio.Value.Minimum, row.Ratio.Value.Maximum));
        Assert.True(row.Met);
        Assert.Equal("≥ 4 ×", row.Target);
    }

    [Fact]
    public void Without_PyTorch_a_ratio_is_neither_met_nor_missed()
    {
        Findings findings = new();
        findings.Add(Parts.Steps, "tiny, dropout 0.1", "ms", Better.Smaller, ours: 5, pyTorch: null);
        ComparisonRow row = Assert.Single(findings.Rows());
        Assert.Null(row.Ratio);
        Assert.Null(row.Met);
    }

    [Fact]
    public void One_noisy_round_marks_the_row()
    {
        Findings findings = new();
        findings.Add(Parts.Steps, "a", "ms", Better.Smaller, 1, 2, noisy: true);
        findings.Add(Parts.Steps, "a", "ms", Better.Smaller, 1, 2);
        findings.Add(Parts.Steps, "b", "ms", Better.Smaller, 1, 2);
        Assert.Equal([true, false], findings.Rows().Select(row => row.Noisy));
    }
}
