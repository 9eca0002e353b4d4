using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Xunit;

namespace Autograd.Tests.Debugging.Causes;

/// <summary>Each cause on a graph that has it, and on its neighbour that has not.</summary>
public class GradientCauseTests
{
    // x [3, 2], W [2, 2], b [2]; unit 1 has a bias of −10 and is dead for all three rows.
    private static Recording Hidden(double bias) => Asking.Record(() =>
        Asking.Leaf("x", [3, 2], 1, 2, 3, 4, 5, 6)
            .Linear(Asking.Leaf("W", [2, 2], 0.1, 0.2, 0.3, 0.4), Asking.Leaf("b", 0, bias))
            .Relu().Sum());

    [Fact]
    public void A_ReLU_whose_input_is_negative_in_all_rows_is_dead()
    {
        WhyReport report = Hidden(-10).WhyGradient("W", 1, 0);
        report.AssertCause("dead ReLU", "dead for all 3 positions");
        Assert.Equal("Relu", report.Causes[0].Operation?.Kind);
        Assert.Equal(0, report.Steps[0].Amount);
        Hidden(-10).WhyGradient("W", 0, 0).AssertNothingUnusual();
        Hidden(0).WhyGradient("W", 1, 0).AssertNothingUnusual();
    }

    [Fact]
    public void A_ReLU_may_be_dead_in_some_rows_only()
    {
        // x W₁ᵀ − 2 = −0.9, 0.5, 1.9: dead in the first row only.
        WhyReport report = Hidden(-2).WhyGradient("x", 0, 1);
        Assert.Equal(0.2, report.Ranking.Single().Amount, 12);
        report.AssertNoCause("dead ReLU");
        Hidden(-2).WhyGradient("#1", 0, 1).AssertCause("dead ReLU", "= -0.9", "1 of 3 positions");
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(0.5, false)]
    public void Tanh_sigmoid_and_GELU_saturate_far_out(double size, bool isSaturated)
    {
        Recording recording = Asking.Record(() =>
            Asking.Leaf("a", size).Tanh().Sum() + Asking.Leaf("b", size).Sigmoid().Sum() + Asking.Leaf("c", -size).Gelu().Sum());
        foreach ((string leaf, string name) in (ReadOnlySpan<(string, string)>)[("a", "saturated tanh"), ("b", "saturated sigmoid"), ("c", "saturated GELU")])
        {
            if (isSaturated)
                recording.WhyGradient(leaf, 0).AssertCause(name, "20");
            else
                recording.WhyGradient(leaf, 0).AssertNothingUnusual();
        }
    }

    [Fact]
    public void A_softmax_is_saturated_where_one_entry_holds_the_row_and_not_where_many_share_it()
    {
        Recording steep = Asking.Record(() => (Asking.Leaf("s", 30, 0, 1).Softmax() * Asking.Constant(1, 2, 3)).Sum());
        steep.WhyGradient("s", 0).AssertCause("saturated softmax", "y (1 - y) is 3.4", "E-13");
        double[] even = new double[1000];
        even[0] = 0.1;
        Recording flat = Asking.Record(() => (Asking.Leaf("s", even).Softmax() * Asking.Constant([.. Enumerable.Range(0, 1000).Select(i => i / 7.0)])).Sum());
        flat.WhyGradient("s", 3).AssertNothingUnusual();
    }

    [Fact]
    public void A_masked_score_passes_nothing_to_its_key()
    {
        Recording recording = Asking.Record(() =>
        {
            Tensor scores = Asking.Leaf("q", [2, 1], 1, 2).MatMul(Asking.Leaf("k", [3, 1], 0.1, 0.2, 0.3), transposeOther: true);
            Mask mask = new([true, false, true], [1, 3]);
            return (scores.MaskedFill(mask, double.NegativeInfinity).Softmax() * Asking.Constant(1, 5, 2)).Sum();
        });
        recording.WhyGradient("k", 1, 0).AssertCause("masked key", "by -∞", "2 of 2 scores of this key");
        recording.WhyGradient("k", 0, 0).AssertNothingUnusual();
        recording.WhyGradient("#2", 0, 1).AssertCause("masked key", "1 of 3 keys");
    }

    [Fact]
    public void A_row_of_masked_scores_has_no_key_left()
    {
        Recording recording = Asking.Record(() =>
            (Asking.Leaf("s", [2, 2], 1, 2, 3, 4).MaskedFill(new Mask([false, false, true, true], [2, 2]), double.NegativeInfinity)
                .Softmax() * Asking.Constant(1, 5)).Sum());
        recording.WhyGradient("#1", 0, 1).AssertCause("all keys masked", "all 2 scores");
        recording.WhyValue("#2", 0, 1).AssertCause("all keys masked", "all 2 scores");
        recording.WhyGradient("#1", 1, 1).AssertNothingUnusual();
    }

    [Fact]
    public void The_fused_attention_names_masked_keys_and_rows_and_a_saturated_row()
    {
        Recording recording = Asking.Record(() =>
        {
            Tensor q = Asking.Leaf("q", [1, 2, 2], 40, 0.3, 0.1, 40);
            Tensor k = Asking.Leaf("k", [1, 3, 2], 5, 0.1, 0.3, 0.6, -0.2, 0.9);
            Tensor v = Asking.Leaf("v", [1, 3, 2], 1, 2, 3, 4, 5, 6);
            // Source 2 is hidden from all; target 1 sees nothing.
            Mask mask = new([true, true, false, false, false, false], [2, 3]);
            return (q.Attend(k, v, new AttentionAttributes(1, mask, false, 0, default), out _) * Asking.Constant(1, -0.5)).Sum();
        });
        recording.WhyGradient("k", 0, 2, 0).AssertCause("masked key", "source 2", "all 2 targets");
        recording.WhyGradient("q", 0, 1, 0).AssertCause("all keys masked", "all 3 keys of target 1");
        recording.WhyGradient("q", 0, 0, 0).AssertCause("saturated softmax", "target 0, source 0", "y (1 - y)");
        WhyReport value = recording.WhyGradient("v", 0, 0, 0);
        value.AssertNothingUnusual();
        Assert.Contains("attends most to source 0", value.Steps[0].Text);
    }

    [Fact]
    public void Padding_rows_and_ignored_targets_get_nothing()
    {
        Recording recording = Asking.Record(() => Asking.Leaf("E", [4, 2], 1, 2, 3, 4, 5, 6, 7, 8)
            .Gather(new Transformer.Autograd.Indices([1, 0, 2, 0]), paddingRow: 0)
            .CrossEntropy(new Transformer.Autograd.Indices([1, 0, 0, 0]), ignoredTarget: 1));
        recording.WhyGradient("E", 0, 1).AssertCause("padding row", "row 0", "2 uses");
        recording.WhyGradient("E", 3, 1).AssertCause("unused", "none of the 4 rows");
        recording.WhyGradient("E", 1, 1).AssertCause("ignored target", "target at [0] is 1", "1 of 4 targets");
        recording.WhyGradient("E", 2, 1).AssertNothingUnusual();
    }

    [Fact]
    public void Dropout_names_what_it_dropped()
    {
        Recording recording = Asking.Record(() => Asking.Leaf("x", [.. Enumerable.Repeat(1.0, 20)]).Dropout(0.5, new RandomKey(7, 0, 0, 0)).Sum());
        RecordedValues mask = recording.Operations[0].Saved["mask"];
        int dropped = Enumerable.Range(0, 20).First(i => mask.ValueAt(i) == 0);
        int kept = Enumerable.Range(0, 20).First(i => mask.ValueAt(i) != 0);
        recording.WhyGradient("x", dropped).AssertCause("dropout dropped it", "rate 0.5", $"x[{dropped}]");
        recording.WhyValue("#1", dropped).AssertCause("dropout dropped it");
        recording.WhyGradient("x", kept).AssertNothingUnusual();
    }

    [Fact]
    public void Contributions_of_opposite_sign_cancel()
    {
        Recording recording = Asking.Record(() =>
        {
            Tensor x = Asking.Leaf("x", 2);
            return ((x * 3) - (x * 2.9999)).Sum();
        });
        recording.WhyGradient("x", 0).AssertCause("cancellation", "3 and -2.9999 leave 0.0001");
        Recording other = Asking.Record(() =>
        {
            Tensor x = Asking.Leaf("x", 2);
            return ((x * 3) - (x * 2)).Sum();
        });
        other.WhyGradient("x", 0).AssertNothingUnusual();
    }

    [Fact]
    public void A_factor_of_0_lets_nothing_through()
    {
        Recording recording = Asking.Record(() => Asking.Leaf("x", [2, 2], 0, 1, 0, 2).Linear(Asking.Leaf("W", [1, 2], 3, 4)).Sum());
        recording.WhyGradient("W", 0, 0).AssertCause("zero derivative", "each of 2 outputs");
        recording.WhyGradient("W", 0, 1).AssertNothingUnusual();
    }

    [Fact]
    public void A_weight_behind_a_dead_unit_names_the_unit()
    {
        Recording recording = Asking.Record(() =>
            Asking.Leaf("h", [2, 2], 1, -3, 2, -4).Relu().Linear(Asking.Leaf("W", [1, 2], 3, 4)).Sum());
        recording.WhyGradient("W", 0, 1).AssertCause("dead ReLU", "h[0, 1] = -3", "dead for all 2 positions");
        recording.WhyGradient("W", 0, 0).AssertNothingUnusual();
    }

    [Fact]
    public void What_a_choice_a_maximum_or_a_slice_did_not_take_gets_nothing()
    {
        Recording recording = Asking.Record(() =>
            Tensor.Where(new Mask([true, false], [2]), Asking.Leaf("a", 1, 2), Asking.Leaf("b", 3, 4)).Sum()
            + Asking.Leaf("m", 5, 6).Max() + Asking.Leaf("s", 7, 8).Slice(0, 1, 1).Sum());
        recording.WhyGradient("a", 1).AssertCause("not chosen", "took 4 instead of a[1]");
        recording.WhyGradient("m", 0).AssertCause("not the largest", "m[0] = 5 is below the largest, 6");
        recording.WhyGradient("s", 0).AssertCause("unused", "s[0] lies outside");
        recording.WhyGradient("b", 1).AssertNothingUnusual();
        recording.WhyGradient("m", 1).AssertNothingUnusual();
        recording.WhyGradient("s", 1).AssertNothingUnusual();
    }

    [Fact]
    public void With_a_causal_mask_the_first_target_has_but_one_key()
    {
        Recording recording = Asking.Record(() =>
        {
            Tensor x = Asking.Leaf("x", [1, 2, 1], 0.5, 1);
            Tensor y = Asking.Leaf("q", [1, 2, 1], 0.5, 1).Attend(x, x, new AttentionAttributes(1, null, true, 0, default), out _);
            return (y * Asking.Leaf("c", 3)).Sum();
        });
        recording.WhyGradient("q", 0, 0, 0).AssertCause("only one key", "1 of 2 keys of target 0");
        recording.WhyGradient("q", 0, 1, 0).AssertNothingUnusual();
    }

    [Fact]
    public void A_wrong_derivative_under_a_kinds_name_disagrees_with_its_terms()
    {
        WhyReport Product(bool wrong) => Asking.Record(() => new OwnProduct(Asking.Leaf("a", 2, 5), Asking.Leaf("b", 3, 7), wrong).Apply().Sum())
            .WhyGradient("a", 0);
        Product(wrong: true).AssertCause("derivative disagrees", "contributed 2 to a.grad[0]", "1 terms", "add up to 3");
        Product(wrong: false).AssertNothingUnusual();
    }

    [Fact]
    public void A_gradient_of_two_passes_without_a_reset_says_so()
    {
        Tensor x = Asking.Leaf("x", 2);
        Recording Twice(bool reset) => Asking.Record(() =>
        {
            x.ZeroGradient();
            for (int pass = 0; pass < 2; pass++)
            {
                if (reset)
                    x.ZeroGradient();
                (x * x).Sum().Backward();
            }
        });
        Twice(reset: false).WhyGradient("x", 0).AssertCause("gradient never reset", "2 backward passes");
        Twice(reset: true).WhyGradient("x", 0).AssertNothingUnusual();
    }

    [Fact]
    public void A_gradient_from_before_the_recording_says_so()
    {
        Tensor x = Asking.Leaf("x", 2);
        (x * 5).Sum().Backward();
        Recording recording = Asking.Record(() => (x * 3).Sum());
        WhyReport report = recording.WhyGradient("x", 0);
        report.AssertCause("gradient never reset", "norm 5", "1 backward pass ");
        Assert.Equal([5, 3], report.Ranking.Select(step => step.Amount));
    }

    [Fact]
    public void A_gradient_from_before_an_edit_says_so()
    {
        Tensor x = Asking.Leaf("x", 2);
        Recording Descend(bool reset) => Asking.Record(() =>
        {
            for (int step = 0; step < 2; step++)
            {
                if (reset)
                    x.ZeroGradient();
                (x * 3).Sum().Backward();
                x.Edit<double>(values => values[0] -= 0.1);
            }
        });
        Descend(reset: false).WhyGradient("x@2", 0).AssertCause("gradient never reset", "norm 3", "before its values were edited");
        Descend(reset: true).WhyGradient("x@2", 0).AssertNothingUnusual();
    }

    [Theory]
    [InlineData(0.01, "vanishing gradient", "shrinks 100 times per layer")]
    [InlineData(50, "exploding gradient", "grows 50 times per layer")]
    [InlineData(0.5, null, "")]
    public void Gradients_that_shrink_or_grow_tenfold_per_layer_are_named(double weight, string? name, string text)
    {
        Recording Layers(bool named) => Asking.Record(() =>
        {
            Tensor x = Asking.Leaf("x", [1, 2], 1, 2);
            for (int i = 0; i < 4; i++)
            {
                using ModuleScope scope = named ? Recorder.Active!.EnterModule($"net.layers.{i}", "Linear") : default;
                x = x.Linear(Asking.Leaf($"W{i}", [2, 2], weight, 0, 0, weight));
            }

            return x.Sum();
        });
        foreach (bool named in (ReadOnlySpan<bool>)[true, false])
        {
            WhyReport report = Layers(named).WhyGradient("W0", 0, 0);
            if (name is null)
                report.AssertNothingUnusual();
            else
                report.AssertCause(name, text, named ? "net.layers" : "matrix products");
        }
    }

    // y = a ⊙ b; the wrong one gives ∂L/∂a = a.
    private sealed class OwnProduct(Tensor a, Tensor b, bool wrong) : Operation(a, b)
    {
        public override string Kind => "Multiply";

        protected override Shape OutputShape => a.Shape;

        protected override void Forward<T>(Span<T> y)
        {
            for (int i = 0; i < y.Length; i++)
                y[i] = Values<T>(a)[i] * Values<T>(b)[i];
        }

        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            Span<T> da = ContributionTo<T>(a);
            Span<T> db = ContributionTo<T>(b);
            for (int i = 0; i < dy.Length; i++)
            {
                da[i] = dy[i] * Values<T>(wrong ? a : b)[i];
                db[i] = dy[i] * Values<T>(a)[i];
            }
        }
    }
}
