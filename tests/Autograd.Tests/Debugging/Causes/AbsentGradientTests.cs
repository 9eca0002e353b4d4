using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Causes;

/// <summary>Why a tensor has no gradient, or lacks a branch of it.</summary>
public class AbsentGradientTests
{
    [Fact]
    public void Behind_a_detached_copy_there_is_no_gradient()
    {
        Recording recording = Asking.Record(() =>
            (Asking.Leaf("x", 1, 2).Tanh().Detach() * Asking.Leaf("w", 3, 4)).Sum());
        recording.WhyGradient("x", 0).AssertCause("detached", "#1 Tanh", "read by #2 Multiply", "AbsentGradientTests.cs");
        recording.WhyGradient("w", 0).AssertNothingUnusual();
        Recording attached = Asking.Record(() => (Asking.Leaf("x", 1, 2).Tanh() * Asking.Leaf("w", 3, 4)).Sum());
        attached.WhyGradient("x", 0).AssertNothingUnusual();
    }

    [Fact]
    public void A_detached_branch_beside_another_is_named_too()
    {
        Recording recording = Asking.Record(() =>
        {
            Tensor h = Asking.Leaf("x", 1, 2).Tanh();
            return (h.Detach() * h).Sum();
        });
        WhyReport report = recording.WhyGradient("x", 0);
        report.AssertCause("detached", "#1 Tanh");
        Assert.NotEmpty(report.Steps);
    }

    [Fact]
    public void What_no_operation_reads_or_leads_nowhere_is_unused()
    {
        Recording recording = Asking.Record(() =>
        {
            Tensor x = Asking.Leaf("x", 1);
            _ = Asking.Leaf("dead end", 1).Exp().Tanh();
            return (x * x).Sum();
        });
        recording.WhyGradient("dead end", 0).AssertCause("unused", "#2 Tanh", "leads to the loss #4");
        recording.WhyGradient("x", 0).AssertNothingUnusual();
    }

    [Fact]
    public void A_value_that_only_the_end_of_the_program_reads_is_unused()
    {
        Recording recording = Asking.Record(() =>
        {
            Tensor x = Asking.Leaf("x", 1);
            _ = x.Exp();
            return (x * x).Sum();
        });
        recording.WhyGradient("#1", 0).AssertCause("unused", "none of the 3 recorded operations reads #1");
    }

    [Fact]
    public void Under_NoGradient_nothing_flows()
    {
        Recording recording = Asking.Record(() =>
        {
            Tensor x = Asking.Leaf("x", 1);
            Tensor h;
            using (new NoGradient())
                h = x.Exp();
            return (h * Asking.Leaf("w", 2)).Sum();
        });
        recording.WhyGradient("x", 0).AssertCause("no gradient scope", "#1 Exp", "AbsentGradientTests.cs");
        recording.WhyGradient("#1", 0).AssertCause("no gradient scope", "1 of its 1 inputs");
        recording.WhyGradient("w", 0).AssertNothingUnusual();
    }

    [Fact]
    public void A_leaf_that_wants_no_gradient_has_none()
    {
        Recording recording = Asking.Record(() => (Asking.Leaf("x", 1) * Asking.Constant(3).Named("c")).Sum());
        recording.WhyGradient("c", 0).AssertCause("requires no gradient", "c [1] Float64");
    }

    [Fact]
    public void A_gradient_may_not_have_arrived_yet_or_may_have_been_reset()
    {
        Tensor x = Asking.Leaf("x", 1);
        Recording recording = Asking.Record(() =>
        {
            (x * x).Sum().Backward();
            x.ZeroGradient();
        });
        RecordedTensor tensor = recording.Named("x");
        // Multiply, Sum, start, Sum backward, Multiply backward, reset.
        Assert.Contains("event 5", Assert.Single(Why.OfGradient(recording, tensor, 0, 4).Causes).Text);
        Assert.Equal(2, Why.OfGradient(recording, tensor, 0, 5).Ranking.Count);
        Assert.Equal("reset", Assert.Single(Why.OfGradient(recording, tensor, 0).Causes).Name);
    }

    [Fact]
    public void Without_a_backward_pass_the_report_says_that()
    {
        Recording recording = Asking.Record(() => { _ = Asking.Leaf("x", 1).Exp(); });
        recording.WhyGradient("x", 0).AssertCause("no backward pass", "none of the 1 recorded events");
    }
}
