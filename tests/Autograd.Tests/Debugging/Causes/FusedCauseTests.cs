using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Xunit;
using Indices = Transformer.Autograd.Indices;

namespace Autograd.Tests.Debugging.Causes;

/// <summary>What <c>why</c> says of operations that do the work of several.</summary>
public class FusedCauseTests
{
    private static readonly RandomKey Key = new(1, 2, 3, 4);

    // x [3, 2], W [2, 2], b [2]; unit 1 has a bias of −10 and is dead for all three rows.
    private static Recording Hidden(double bias, ActivationFunction function = ActivationFunction.Relu) => Asking.Record(() =>
        Asking.Leaf("x", [3, 2], 1, 2, 3, 4, 5, 6)
            .ActivatedLinear(Asking.Leaf("W", [2, 2], 0.1, 0.2, 0.3, 0.4), Asking.Leaf("b", 0, bias), function, 0, Key).Named("h")
            .Linear(Asking.Leaf("V", [1, 2], 1, 1)).Sum());

    [Fact]
    public void A_dead_unit_is_named_for_its_weights_its_value_and_the_weights_behind_it()
    {
        Hidden(-10).WhyGradient("W", 1, 0).AssertCause("dead ReLU", "before the ReLU of h[", "dead for all 3 positions");
        Hidden(-10).WhyGradient("b", 1).AssertCause("dead ReLU", "dead for all 3 positions");
        Hidden(-10).WhyValue("h", 2, 1).AssertCause("dead ReLU", "the sum -6.1 before the ReLU of h[2, 1]");
        Hidden(-10).WhyGradient("V", 0, 1).AssertCause("dead ReLU", "dead for all 3 positions");
        Hidden(-10).WhyGradient("W", 0, 0).AssertNothingUnusual();
        Hidden(0).WhyGradient("W", 1, 0).AssertNothingUnusual();
        Hidden(-2).WhyGradient("x", 0, 1).AssertNoCause("dead ReLU");
    }

    [Fact]
    public void A_GELU_far_out_is_saturated()
    {
        Hidden(-30, ActivationFunction.Gelu).WhyValue("h", 0, 1).AssertCause("saturated GELU", "the sum -28.9 before the GELU of h[0, 1]");
        Hidden(-30, ActivationFunction.GeluTanh).WhyGradient("W", 1, 0).AssertCause("saturated GELU", "below -3");
        Hidden(0.5, ActivationFunction.Gelu).WhyGradient("W", 1, 0).AssertNothingUnusual();
    }

    [Fact]
    public void Dropout_inside_another_operation_is_named()
    {
        Recording recording = Asking.Record(() =>
            Asking.Leaf("x", [.. Enumerable.Repeat(1.0, 20)]).ResidualDropout(Asking.Leaf("u", [.. Enumerable.Repeat(2.0, 20)]), 0.5, Key).Named("y").Sum());
        (int dropped, int kept) = (PositionOf(recording, 1), PositionOf(recording, 5));
        recording.WhyGradient("u", dropped).AssertCause("dropout dropped it", "rate 0.5");
        recording.WhyGradient("u", kept).AssertNothingUnusual();
        recording.WhyGradient("x", dropped).AssertNothingUnusual();
        recording.WhyValue("y", dropped).AssertNothingUnusual();
    }

    [Fact]
    public void An_embedding_names_the_word_the_padding_row_and_what_nobody_looked_up()
    {
        Recording recording = Asking.Record(() =>
        {
            Recorder.Active!.AddWords("source", [["ein", "Hund"], ["zwei"]]);
            Asking.Leaf("E", [5, 1], 1, 2, 3, 4, 5)
                .TokenEmbedding(new Indices([1, 2, 3, 0], [2, 2]), 2, Asking.Leaf("P", [3, 1], 0.1, 0.2, 0.3), new Indices([0, 1]), 0, Key, paddingRow: 0)
                .Named("y").Sum().Backward();
        });
        Assert.Contains("“Hund”", recording.WhyValue("y", 0, 1, 0).Steps[0].Text, StringComparison.Ordinal);
        recording.WhyGradient("E", 0, 0).AssertCause("padding row", "1 uses");
        recording.WhyGradient("E", 4, 0).AssertCause("unused", "none of the 4 rows");
        recording.WhyGradient("P", 2, 0).AssertCause("unused", "row 2 of P");
        recording.WhyGradient("E", 2, 0).AssertNothingUnusual();
    }

    [Fact]
    public void A_projected_cross_entropy_names_its_target_and_its_ignored_rows()
    {
        Recording recording = Asking.Record(() =>
            Asking.Leaf("x", [2, 2], 1, 2, 3, 4).ProjectedCrossEntropy(Asking.Leaf("W", [3, 2], 1, 0, 0, 1, 1, 1), null, new Indices([2, 0]), 0, 0).Named("loss"));
        Assert.Contains("target 2 at [0]", recording.WhyValue("loss").Steps[0].Text, StringComparison.Ordinal);
        recording.WhyGradient("x", 1, 0).AssertCause("ignored target", "the target at [1] is 0", "1 of 2 targets");
        recording.WhyGradient("x", 0, 0).AssertNothingUnusual();
    }

    // Where y = x + dropout(u) has this value: 1 where u was dropped, 5 where it was kept.
    private static int PositionOf(Recording recording, double value) => Array.IndexOf(recording.Named("y").Values.ToTensor(DType.Float64).ToDoubles(), value);
}
