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
    public void A_noisy_round_does_not_count()
    {
        Findings findings = new();
        findings.Add(Parts.Steps, "tiny, dropout 0.1", "ms", Better.Smaller, ours: 1, pyTorch: 3);
        findings.Add(Parts.Steps, "tiny, dropout 0.1", "ms", Better.Smaller, ours: 1, pyTorch: 9, noisy: true);
        ComparisonRow row = Assert.Single(findings.Rows());
        Assert.Equal((3, 1), (row.Ratio!.Value.Median, row.Ratio.Value.Count));
        Assert.Equal((false, false), (row.Met, row.Noisy));
    }

    [Fact]
    public void A_row_of_noisy_rounds_alone_is_marked_and_judges_nothing()
    {
        Findings findings = new();
        findings.Add(Parts.Steps, "tiny, dropout 0.1", "ms", Better.Smaller, ours: 1, pyTorch: 9, noisy: true);
        findings.AddRatio(Parts.Gemm, "geometric mean", 2, noisy: true);
        Assert.All(findings.Rows(), row => Assert.True(row is { Noisy: true, Met: null, Ratio: not null }));
    }
}
