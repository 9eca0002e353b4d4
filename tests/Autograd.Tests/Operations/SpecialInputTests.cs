using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Xunit;
using Indices = Transformer.Autograd.Indices;

namespace Autograd.Tests.Operations;

/// <summary>Inputs at which a formula has a case of its own.</summary>
public class SpecialInputTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_variance_is_not_finite_where_the_count_does_not_exceed_the_correction(int length)
    {
        // Σ (x − μ)² / (n − c) with n − c ≤ 0: 0 / 0, or ∞
        Tensor x = Tensor.From([.. Enumerable.Range(0, length).Select(i => (double)i)], dtype: DType.Float64);
        for (int correction = length; correction < length + 3; correction++)
        {
            Tensor y = x.AsLeaf().Variance([0], keepAxes: false, correction);
            Assert.Equal(length == 1 ? double.NaN : double.PositiveInfinity, y.Item());
            Assert.Equal(y.Item(), y.Producer!.Composed()!.Item());
        }
    }

    [Fact]
    public void The_composed_cross_entropy_is_finite_where_a_class_that_is_no_target_is_masked()
    {
        Tensor x = Tensor.From([1, double.NegativeInfinity, 3], [1, 3], DType.Float64).AsLeaf();
        Tensor loss = x.CrossEntropy(new Indices([2]));

        // −ln p₂ = ln(e¹ + e³) − 3
        Assert.Equal(Math.Log(Math.Exp(1) + Math.Exp(3)) - 3, loss.Item(), 1e-15);
        Tensor composed = loss.Producer!.Composed()!;
        Assert.Equal(loss.Item(), composed.Item(), 1e-15);
        composed.Backward();
        double p0 = Math.Exp(1) / (Math.Exp(1) + Math.Exp(3));
        Assert.Equal([p0, 0, -p0], x.Gradient!.ToDoubles(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void An_edited_input_is_an_error_also_where_the_forward_pass_kept_the_derivative()
    {
        Tensor x = Tensor.From([1.0, 2.0], [1, 2]).AsLeaf();
        Tensor weight = Tensor.From([1.0, 0.0, 0.0, 1.0], [2, 2]).AsLeaf();
        Tensor gelu = x.Gelu().Sum();
        Tensor loss = x.ProjectedCrossEntropy(weight, null, new Indices([1]));
        x[0, 0] = 5;
        Assert.Throws<InvalidOperationException>(() => gelu.Backward());
        Assert.Throws<InvalidOperationException>(() => loss.Backward());
    }

    [Fact]
    public void A_recording_tells_a_repeated_inputs_contributions_apart()
    {
        // z = W x + x, all above 0: ∂L/∂x = Wᵀ 1 = 3 as the input, 1 as the bias
        Tensor x = Tensor.From([1.0, 2.0]).AsLeaf();
        Tensor weight = Tensor.From([3.0, 0.0, 0.0, 3.0], [2, 2]).AsLeaf();
        using Recorder recorder = new();
        x.ActivatedLinear(weight, x, ActivationFunction.Relu, 0, default).Sum().Backward();

        TimelineEvent step = recorder.ToRecording().Timeline.Single(
            e => e is { Kind: TimelineEventKind.Backward, Operation.Kind: "ActivatedLinear" });

        Assert.Equal([(0, 3), (1, 1), (2, 1)], step.Contributions.Select(c => (c.InputPosition, c.Values.ValueAt(0))));
    }
}
