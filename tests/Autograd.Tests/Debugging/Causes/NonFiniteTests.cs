using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Causes;

/// <summary>The first NaN or infinity, with its cause, its numbers and its line.</summary>
public class NonFiniteTests
{
    // [x] → f → + 1 → Σ; f is operation 1.
    private static WhyReport Of(Func<Tensor, Tensor> function, params double[] x) =>
        Why.OfNonFinite(Asking.Record(() => (function(Asking.Leaf("x", x)) + 1.0).Sum()));

    [Theory]
    [InlineData("overflow in exp", 812, "exp(812) is ∞ at #1[1]: Float64 holds exp of 709.783 at most")]
    [InlineData("log of zero", 0, "log(0) is -∞ at #1[1]")]
    [InlineData("log of a negative number", -3, "log(-3) is NaN")]
    [InlineData("sqrt of a negative number", -3, "sqrt(-3) is NaN")]
    [InlineData("division by zero", 0, "1 / 0 is ∞")]
    [InlineData("overflow", 1e200, "1E+200 · 1E+200 is ∞")]
    public void Each_way_to_leave_the_finite_numbers_has_its_name(string name, double x, string text)
    {
        Tensor Apply(Tensor input) => name switch
        {
            "overflow in exp" => input.Exp(),
            "log of zero" or "log of a negative number" => input.Log(),
            "sqrt of a negative number" => input.Sqrt(),
            "division by zero" => 1 / input,
            _ => input * input,
        };
        WhyReport report = Of(Apply, 1, x, 2);
        report.AssertCause(name, text, "NonFiniteTests.cs:");
        Assert.Equal(name, report.Causes[0].Name);
        report.AssertCause("first non-finite operation", "of 3 numbers", "spread to 2 later operations");
        Assert.Equal((1, "#1", 1), (report.Spread[0].Event, report.Spread[0].Tensor.Label, report.Spread[0].Position));
        Of(Apply, 1, 1.5, 2).AssertNothingUnusual();
    }

    [Fact]
    public void Exp_overflows_sooner_in_single_precision()
    {
        WhyReport Single(double x) => Why.OfNonFinite(Asking.Record(() => Tensor.From([x]).AsLeaf().Exp().Sum()));
        Single(89).AssertCause("overflow in exp", "exp(89)", "Float32 holds exp of 88.7228 at most");
        Single(88).AssertNothingUnusual();
    }

    [Fact]
    public void Infinity_minus_infinity_and_zero_times_infinity()
    {
        double inf = double.PositiveInfinity;
        Why.OfNonFinite(Asking.Record(() => (Asking.Leaf("x", 0, 1) * Asking.Constant(-inf, 1)).Sum())).AssertCause("0 · ∞", "0 · -∞ is NaN");
        Recording sum = Asking.Record(() => Asking.Leaf("x", [1, 2], 1, -1).Linear(Asking.Constant(-inf, -inf).Reshape(1, 2)).Sum());
        Why.OfNonFinite(sum).AssertCause("∞ - ∞", "1 parts of #2[0, 0] are ∞ and 1 are -∞");
    }

    [Fact]
    public void A_parameter_that_was_not_finite_is_named()
    {
        WhyReport report = Why.OfNonFinite(Asking.Record(() =>
            Asking.Leaf("x", [1, 2], 1, 2).Linear(Asking.Leaf("w", [1, 2], 3, double.NaN)).Sum()));
        Assert.Equal("non-finite from the start", report.Causes[0].Name);
        report.AssertCause("non-finite from the start", "w held 1 NaN", "w[0, 1] = NaN", "#1 Linear");
        report.AssertNoCause("first non-finite operation");
    }

    [Fact]
    public void Masked_scores_of_minus_infinity_are_no_fault()
    {
        Tensor Attention(Tensor scores, double scale) =>
            (scores.MaskedFill(new Mask([true, false, true], [3]), double.NegativeInfinity) * scale).Softmax().Log();
        WhyReport report = Of(x => (x * 2.0).MaskedFill(new Mask([true, false, true], [3]), double.NegativeInfinity).Softmax(), 1, 2, 3);
        report.AssertNothingUnusual();
        // −∞ + finite, an additive mask: no fault either.
        Of(x => (x + Asking.Constant(0, double.NegativeInfinity, 0)).Softmax(), 1, 2, 3).AssertNothingUnusual();
        // The log of the masked weight is one.
        Of(x => Attention(x, 1), 1, 2, 3).AssertCause("log of zero", "log(0)");
    }

    [Fact]
    public void A_backward_pass_may_be_the_first_to_fail()
    {
        // √0 = 0 is finite, its derivative is not.
        WhyReport root = Of(x => x.Sqrt(), 4, 0);
        root.AssertCause("derivative of sqrt at 0", "incoming gradient 1", "∞ for x.grad[1]");
        root.AssertCause("first non-finite operation", "the backward pass of #1 Sqrt");
        // Behind a choice that does not take it, 0 · ∞ is NaN.
        WhyReport chosen = Of(x => Tensor.Where(new Mask([true, false], [2]), x.Sqrt(), x), 4, 0);
        chosen.AssertCause("derivative of sqrt at 0", "(0 · ∞)", "NaN for x.grad[1]");
        Of(x => x.Sqrt(), 4, 0.25).AssertNothingUnusual();
        Of(x => (x * 1e200) * 1e200 * 1e-300, 1e-200, 0).AssertNothingUnusual();
        Of(x => ((x * 1e200) * 1e200) * 1e-100, 1e-300, 0).AssertNothingUnusual();
    }

    [Fact]
    public void Gradients_overflow_too()
    {
        WhyReport report = Of(x => (x * 1e200) * 1e200, 1e-200, 0);
        report.AssertCause("overflow in the gradient", "∂L/∂y up to 1E+200", "∞ for x.grad[0]");
    }

    [Fact]
    public void The_questions_about_a_bad_number_name_the_fault()
    {
        Recording recording = Asking.Record(() => (Asking.Leaf("x", 800).Exp() * Asking.Leaf("w", 2)).Sum());
        recording.WhyGradient("w", 0).AssertCause("overflow in exp", "exp(800)");
        recording.WhyValue("#3").AssertCause("overflow in exp", "exp(800)");
        Assert.Equal("x", recording.WhyValue("#3").Steps[^1].Tensor.Label);
    }

    [Fact]
    public void Statistics_are_enough_to_find_the_operation_where_values_were_left_out()
    {
        WhyReport report = Why.OfNonFinite(Asking.Record(
            () => Asking.Leaf("x", 1, 800, 2).Exp().Sum().Backward(), new RecordingOptions { LargestTensor = 2 }));
        report.AssertCause("first non-finite operation", "#1 Exp", "1 infinities of 3 numbers");
        report.AssertCause("values left out", "#1 [3]");
    }

    [Fact]
    public void A_variance_of_one_number_divides_by_zero() =>
        Why.OfNonFinite(Asking.Record(() => Asking.Leaf("x", [2, 1], 1, 2).Variance([1], keepAxes: false, correction: 1).Sum()))
            .AssertCause("division by zero", "variance of 1 numbers divides by 0");

    [Fact]
    public void A_target_that_was_masked_costs_infinitely_much()
    {
        WhyReport Loss(int target) => Why.OfNonFinite(Asking.Record(() => Asking.Leaf("x", [1, 3], 1, 2, 3)
            .MaskedFill(new Mask([true, false, true], [3]), double.NegativeInfinity).CrossEntropy(new Transformer.Autograd.Indices([target]))));
        Loss(1).AssertCause("log of zero", "the target's logit #1[0, 1] = -∞", "the loss ∞");
        Loss(2).AssertNothingUnusual();
    }

    [Fact]
    public void Finite_contributions_may_overflow_in_their_sum()
    {
        WhyReport report = Why.OfNonFinite(Asking.Record(() =>
        {
            Tensor h = Asking.Leaf("x", 1e-20).Tanh();
            return ((h * 1e308) + (h * 1e308)).Sum();
        }));
        Assert.Equal("overflow in the sum", report.Causes[0].Name);
        report.AssertCause("overflow in the sum", "#1.grad[0] is ∞");
    }

    [Fact]
    public void The_causes_stand_before_the_spread_of_which_eight_lines_are_shown()
    {
        WhyReport report = Why.OfNonFinite(Asking.Record(() =>
        {
            Tensor y = Asking.Leaf("x", 0, 1).Log().Named("y");
            for (int i = 0; i < 8; i++)
                y += 1;
            return y.Sum();
        }));
        string[] lines = report.ToString().Split('\n');
        Assert.Equal("Causes:", lines[1]);
        Assert.StartsWith("   1. log of zero:", lines[2], StringComparison.Ordinal);
        int spread = Array.IndexOf(lines, "How it spread:");
        Assert.Equal("   1. event 1, forward #1 Log: y[0] = -∞ from x[0] = 0", lines[spread + 1]);
        Assert.Equal("   2. event 2, forward #2 Add: -∞ at #2[0]", lines[spread + 2]);
        // Ten operations, and the backward pass through Log, 1 / 0.
        Assert.Equal(11, report.Spread.Count);
        Assert.Equal("      … and 3 more", lines[spread + 9]);
        Assert.Equal(spread + 10, lines.Length);
        Assert.DoesNotContain("The way of the largest:", lines);
        Assert.Empty(report.Steps);
    }

    [Fact]
    public void A_loss_that_is_not_finite_has_a_ranking_and_a_way_of_its_own()
    {
        WhyReport report = Asking.Record(() => Asking.Leaf("x", 0, 1).Log().Sum()).WhyValue("#2");
        Assert.Equal([double.NegativeInfinity, 0], report.Ranking.Select(step => step.Amount));
        Assert.Equal(["#2", "#1", "x"], report.Steps.Select(step => step.Tensor.Label));
        Assert.Equal(1, report.Spread[0].Event);
    }
}
