using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Causes;

/// <summary>From a value to the input elements that it owes most to.</summary>
public class ValueWayTests
{
    [Fact]
    public void A_loss_is_followed_to_the_leaf_that_put_most_into_it()
    {
        // y = [1·2 + 3·(−10) + 5] = −23, most of it from x₁.
        Recording recording = Asking.Record(() =>
            Asking.Leaf("x", [1, 2], 1, -10).Linear(Asking.Leaf("w", [1, 2], 2, 3), Asking.Leaf("b", 5)).Sum());
        WhyReport report = recording.WhyValue("#2");
        Assert.Equal(["#2", "#1", "x"], report.Steps.Select(step => step.Tensor.Label));
        Assert.Equal((-30, 30.0 / 37), (report.Steps[1].Amount, report.Steps[1].Share));
        Assert.Equal(1, report.Steps[2].Position);
        Assert.Contains("= -23", report.Question);
        report.AssertNothingUnusual();
        WhyReport product = recording.WhyValue("#1", 0, 0);
        Assert.Equal([("x", -30.0), ("b", 5.0), ("x", 2.0)], product.Ranking.Select(step => (step.Tensor.Label, step.Amount)));
    }

    [Fact]
    public void A_cross_entropy_is_followed_to_the_row_that_costs_most()
    {
        Recording recording = Asking.Record(() => Asking.Leaf("logits", [3, 2], 2, 0, 5, 0, 0, 1)
            .CrossEntropy(new Transformer.Autograd.Indices([0, 1, 1])));
        WhyReport report = recording.WhyValue("#1");
        // ln(1 + e⁵) / 3 of row 1, whose target is class 1.
        Assert.Equal(Math.Log(1 + Math.Exp(5)) / 3, report.Ranking[0].Amount, 12);
        Assert.EndsWith("from logits[1, 1] = 0; target 1 at [1]", report.Ranking[0].Text);
    }

    [Fact]
    public void A_loss_names_the_words_that_cost_most()
    {
        Recording recording = Asking.Record(() =>
        {
            Recorder.Active!.AddWords("target", [["<bos>", "dog", "barks"]]);
            // The decoder reads <bos> dog barks and is asked for dog barks <eos>.
            Asking.Leaf("E", [4, 4], 0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0)
                .Gather(new Transformer.Autograd.Indices([0, 1, 2], [1, 3]))
                .CrossEntropy(new Transformer.Autograd.Indices([1, 2, 3], [1, 3])).Backward();
        });
        WhyReport report = recording.WhyValue("#2");
        Assert.EndsWith("; target 2 “barks” at [0, 1]", report.Ranking[0].Text);
        Assert.EndsWith("; target 1 “dog” at [0, 0]", report.Ranking[1].Text);
        Assert.EndsWith("; target 3 at [0, 2]", report.Ranking[2].Text);
    }

    [Fact]
    public void A_value_that_ReLU_cut_off_says_so()
    {
        Recording recording = Asking.Record(() => Asking.Leaf("x", -2, 3).Relu().Sum());
        recording.WhyValue("#1", 0).AssertCause("dead ReLU", "x[0] = -2");
        recording.WhyValue("#1", 1).AssertNothingUnusual();
        recording.WhyValue("#2").AssertNothingUnusual();
    }

    [Fact]
    public void A_small_weight_leads_to_the_score_that_holds_the_row()
    {
        Recording recording = Asking.Record(() => (Asking.Leaf("s", 1, 12, 2).Softmax() * Asking.Constant(1, 2, 3)).Sum());
        WhyReport report = recording.WhyValue("#1", 0);
        Assert.Equal(("s", 1), (report.Steps[1].Tensor.Label, report.Steps[1].Position));
        report.AssertCause("saturated softmax");
    }

    [Fact]
    public void A_detached_copy_is_followed_to_its_original()
    {
        Recording recording = Asking.Record(() => (Asking.Leaf("x", 3).Exp().Detach() * Asking.Leaf("w", 1)).Sum());
        Assert.Equal("x", recording.WhyValue("#3").Steps[^1].Tensor.Label);
    }

    [Fact]
    public void A_difference_of_nearly_equal_numbers_cancels()
    {
        Recording recording = Asking.Record(() => (Asking.Leaf("a", 1.00001) - Asking.Leaf("b", 1)).Sum());
        recording.WhyValue("#1", 0).AssertCause("cancellation", "1.00001 and -1 leave 1E-05");
    }

    [Fact]
    public void Of_equal_factors_the_one_that_was_computed_is_followed()
    {
        // A constant scale before a computed factor, and behind it, as in a quotient.
        Recording recording = Asking.Record(() => ((Asking.Constant(3.0) * Asking.Leaf("x", 2).Tanh()) / Asking.Constant(5.0)).Sum());
        Assert.Equal("x", recording.WhyValue("#4").Steps[^1].Tensor.Label);
    }

    [Fact]
    public void A_score_that_the_mask_replaced_is_called_masked()
    {
        Recording recording = Asking.Record(() => Asking.Leaf("scores", 1, 2.5, 3)
            .MaskedFill(new Transformer.Autograd.Mask([true, false, true], [3]), double.NegativeInfinity).Softmax().Sum());
        recording.WhyValue("#1", 1).AssertCause("masked key", "in the place of the score 2.5 of scores");
        recording.WhyValue("#1", 0).AssertNoCause("masked key");
    }
}
