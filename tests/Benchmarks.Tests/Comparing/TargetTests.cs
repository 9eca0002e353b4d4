using Benchmarks.Comparing;
using Xunit;

namespace Benchmarks.Tests.Comparing;

public class TargetTests
{
    [Theory]
    [InlineData(2.0, true)]
    [InlineData(1.99, false)]
    [InlineData(null, null)]
    public void A_ratio_is_met_from_its_limit_on(double? ratio, bool? met) =>
        Assert.Equal(met, new Target(Parts.Steps, "tiny", TargetKind.TimesBetter, 2).IsMetBy(ours: 1, ratio));

    [Theory]
    [InlineData(60.0, true)]
    [InlineData(59.9, false)]
    [InlineData(null, null)]
    public void A_lower_bound_looks_at_our_figure_alone(double? ours, bool? met) =>
        Assert.Equal(met, new Target(Parts.Steps, "tiny", TargetKind.AtLeast, 60).IsMetBy(ours, ratio: 0));

    [Theory]
    [InlineData(100.0, true)]
    [InlineData(100.1, false)]
    [InlineData(null, null)]
    public void An_upper_bound_looks_at_our_figure_alone(double? ours, bool? met) =>
        Assert.Equal(met, new Target(Parts.Ops, "chain", TargetKind.AtMost, 100).IsMetBy(ours, ratio: 9));

    [Fact]
    public void A_star_stands_for_any_rest_of_a_name_within_a_part()
    {
        Target target = new(Parts.Ops, "softmax*", TargetKind.TimesBetter, 1.5);
        Assert.True(target.IsFor(Parts.Ops, "softmax 8192 x 1024"));
        Assert.False(target.IsFor(Parts.Ops, "layer norm 8 x 8"));
        Assert.False(target.IsFor(Parts.Gemm, "softmax 8192 x 1024"));
        Assert.False(new Target(Parts.Ops, "softmax", TargetKind.TimesBetter, 1.5).IsFor(Parts.Ops, "softmax 8192 x 1024"));
    }

    [Fact]
    public void The_special_target_stands_before_the_general_one()
    {
        Assert.Equal(6, Targets.For(Parts.Memory, "long")!.Limit);
        Assert.Equal(2, Targets.For(Parts.Memory, "base")!.Limit);
        Assert.Equal(1.1, Targets.For(Parts.Gemm, "geometric mean")!.Limit);
        Assert.Equal(4, Targets.For(Parts.Gemm, "all threads: 512 x 32 x 16 x 32 NT")!.Limit);
        Assert.Equal(0.95, Targets.For(Parts.Gemm, "512 x 32 x 16 x 32 NT")!.Limit);
        Assert.Null(Targets.For(Parts.Ops, "relu 1536 x 512"));
    }

    [Fact]
    public void Each_target_belongs_to_a_part_that_is_measured() =>
        Assert.All(Targets.All, target => Assert.Contains(target.Part, Parts.All.Select(part => part.Name)));
}
