using System.Diagnostics;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Causes;

/// <summary>The ranking of contributions, and the way of the largest back to the loss.</summary>
public class GradientWayTests
{
    [Fact]
    public void Contributions_are_ranked_and_the_largest_is_followed_to_the_loss()
    {
        // L = Σ (3 x + x ⊙ w): ∂L/∂x₁ = 3 + 7.
        Recording recording = Asking.Record(() =>
        {
            Tensor x = Asking.Leaf("x", 1, 2);
            return ((x * 3.0) + (x * Asking.Leaf("w", 5, 7))).Sum();
        });
        WhyReport report = recording.WhyGradient("x", 1);
        Assert.Equal([(7.0, 0.7), (3.0, 0.3)], report.Ranking.Select(step => (step.Amount, step.Share)));
        Assert.Equal(["x", "#2", "#3", "#4"], report.Steps.Select(step => step.Tensor.Label));
        Assert.Equal([1, 1, 1, 0], report.Steps.Select(step => step.Position));
        Assert.Equal([7, 1, 1, 1], report.Steps.Select(step => step.Amount));
        Assert.Equal(report.Steps.Select(step => step.Event).OrderDescending(), report.Steps.Select(step => step.Event));
        Assert.Equal(TimelineEventKind.BackwardStart, recording.Timeline[report.Steps[^1].Event - 1].Kind);
        Assert.Contains("#2 Multiply (tests/Autograd.Tests/Debugging/Causes/GradientWayTests.cs:", report.Steps[0].Text);
        report.AssertNothingUnusual();
    }

    [Fact]
    public void Within_a_matrix_product_the_largest_term_is_followed()
    {
        // ∂L/∂x[0, 1] = Σₒ dy[0, o] w[o, 1] = 1·0.5 + 10·(−2) + 100·0.1
        Recording recording = Asking.Record(() =>
            (Asking.Leaf("x", [1, 2], 1, 1).Linear(Asking.Leaf("w", [3, 2], 9, 0.5, 9, -2, 9, 0.1)) * Asking.Constant(1, 10, 100)).Sum());
        WhyReport report = recording.WhyGradient("x", 0, 1);
        Assert.Equal(-20, report.Steps[0].Amount, 12);
        Assert.Equal(20 / 30.5, report.Steps[0].Share, 12);
        Assert.Equal(("#1", 1), (report.Steps[1].Tensor.Label, report.Steps[1].Position));
        Assert.Contains("-20 (65.6 % of 3 terms) = -2 · #1.grad[0, 1] = 10", report.Steps[0].Text);
    }

    [Fact]
    public void The_modules_path_and_the_words_of_an_embedding_stand_in_the_lines()
    {
        Recording recording = Asking.Record(() =>
        {
            Recorder.Active!.AddWords("source", [["the", "cat"], ["a", "dog"]]);
            using ModuleScope scope = Recorder.Active!.EnterModule("encoder.embedding", "Embedding");
            Asking.Leaf("E", [5, 1], 1, 2, 3, 4, 5).Gather(new Transformer.Autograd.Indices([1, 2, 3, 4], [2, 2])).Sum().Backward();
        });
        Assert.Contains("#1 Gather in encoder.embedding", recording.WhyGradient("E", 4, 0).Steps[0].Text);
        Assert.Contains("row 4 “dog” at [1, 1]", recording.WhyGradient("E", 4, 0).Steps[0].Text);
        Assert.Contains("row 2 “cat” at [0, 1]", recording.WhyValue("#1", 0, 1, 0).Steps[0].Text);
        Assert.Equal(["#1", "E"], recording.WhyValue("#1", 0, 1, 0).Steps.Select(step => step.Tensor.Label));
    }

    [Fact]
    public void An_operation_of_ones_own_is_passed_by_its_largest_incoming_gradient()
    {
        Recording recording = Asking.Record(() => (new Cube(Asking.Leaf("x", 1, 2, 3)).Apply() * Asking.Constant(1, -9, 5)).Sum());
        WhyReport report = recording.WhyGradient("x", 0);
        Assert.Contains("the derivative of Cube is not known here", report.Steps[0].Text);
        Assert.Equal(1, report.Steps[1].Position);
        report.AssertNothingUnusual();
        Assert.Contains("how Cube computes is not known here", recording.WhyValue("#1", 0).Steps[0].Text);
    }

    [Fact]
    public void A_way_ends_where_values_were_left_out_and_says_whose()
    {
        Recording recording = Asking.Record(
            () => (Asking.Leaf("x", [1, 2], 1, 2).Linear(Asking.Leaf("w", [9, 2], [.. Enumerable.Range(1, 18).Select(i => i / 9.0)])) * 2.0).Sum().Backward(),
            new RecordingOptions { LargestTensor = 8 });
        recording.WhyGradient("x", 0, 0).AssertCause("values left out", "#1 Linear", "#1 [1, 9]", "#1.in1 [9, 2]");
        recording.WhyGradient("w", 0, 0).AssertCause("values left out", "w [9, 2]");
        recording.WhyValue("#3").AssertCause("values left out", "#3 Sum", "#3.in0 [1, 9]");
    }

    [Fact]
    public void A_chain_of_a_thousand_operations_takes_less_than_a_second()
    {
        Recording recording = Asking.Record(
            () =>
            {
                Tensor x = Asking.Leaf("x", [16, 64], [.. Enumerable.Range(0, 1024).Select(i => Math.Sin(i))]);
                Tensor w = Asking.Leaf("w", [64, 64], [.. Enumerable.Range(0, 4096).Select(i => 0.2 * Math.Cos(i * i))]);
                for (int i = 0; i < 250; i++)
                    x = (x + x.Linear(w).Tanh()).Softmax();
                x.Mean().Backward();
            },
            new RecordingOptions { SourceLines = false });
        Assert.Equal(1001, recording.Operations.Count);
        // The best of three: other programs may hold the machine.
        double seconds = double.PositiveInfinity;
        for (int i = 0; i < 3; i++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            WhyReport report = recording.WhyGradient("x", 3, 5);
            WhyReport value = Why.OfValue(recording, recording.Loss!, 0);
            seconds = Math.Min(seconds, watch.Elapsed.TotalSeconds);
            Assert.True(report.Steps.Count > 500 && value.Steps.Count > 500, $"{report.Steps.Count} and {value.Steps.Count} steps");
        }

        Assert.True(seconds < 1, $"{seconds:F2} s");
    }

    [Fact]
    public void An_element_that_is_not_there_is_an_error()
    {
        Recording recording = Asking.Record(() => Asking.Leaf("x", 1, 2).Sum());
        Assert.Throws<ArgumentOutOfRangeException>(() => Why.OfGradient(recording, recording.Named("x"), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Why.OfValue(recording, recording.Named("x"), -1));
    }

    // y = x³
    private sealed class Cube(Tensor x) : Operation(x)
    {
        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y)
        {
            for (int i = 0; i < y.Length; i++)
                y[i] = Values<T>(x)[i] * Values<T>(x)[i] * Values<T>(x)[i];
        }

        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            Span<T> dx = ContributionTo<T>(x);
            for (int i = 0; i < dx.Length; i++)
                dx[i] = dy[i] * T.CreateChecked(3) * Values<T>(x)[i] * Values<T>(x)[i];
        }
    }
}
