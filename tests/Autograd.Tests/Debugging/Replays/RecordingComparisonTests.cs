using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>Two recordings: the first operation that differs, and by how much.</summary>
public class RecordingComparisonTests
{
    private static Recording Run(double w1 = 1, Func<Tensor, Tensor>? middle = null, RecordingOptions? options = null) => RecordedProgram.By(
        () =>
        {
            Tensor x = Tensor.From([0.5, -1, 2], dtype: DType.Float64).AsLeaf().Named("x");
            Tensor w = Tensor.From([2, w1, 3], dtype: DType.Float64).AsLeaf().Named("w");
            Tensor y;
            using (Recorder.Active!.EnterModule("layer", "Layer"))
            {
                using (Recorder.Active!.EnterModule("layer.inner", "Inner"))
                    y = x.Tanh();
                y = (middle ?? (z => z.Exp()))(y);
            }

            (y * w).Sum().Backward();
        },
        options);

    [Fact]
    public void Recordings_of_one_program_are_equal_and_one_bit_is_a_difference()
    {
        Assert.Empty(RecordingComparison.Compare(Run(), Run()));
        Assert.Equal("no difference", RecordingComparison.Describe(RecordingComparison.Compare(Run(), Run())));
        Assert.NotEmpty(RecordingComparison.Compare(Run(), Run(w1: Math.BitIncrement(1))));
        Assert.Empty(RecordingComparison.Compare(Run(), Run(w1: Math.BitIncrement(1)), tolerance: 1e-14));
    }

    [Fact]
    public void The_first_difference_is_the_first_in_time_then_what_follows_from_it()
    {
        IReadOnlyList<RecordingDifference> differences = RecordingComparison.Compare(Run(), Run(w1: 1.25));

        Assert.Equal("#3 Multiply: input w differs at [1]: 1 and 1.25 (1 of 3 elements, by up to 0.25)", differences[0].What);
        Assert.Equal((3, 0.25), (differences[0].Event, differences[0].Difference));
        Assert.StartsWith("#3 Multiply: output differs at [1]:", differences[1].What);
        Assert.Equal(differences.OrderBy(d => d.Event), differences);
        Assert.Contains(differences, d => d.What.StartsWith("backward of #1 Tanh in layer.inner: contribution to the gradient of x", StringComparison.Ordinal));
        Assert.StartsWith("event 3: #3 Multiply", RecordingComparison.Describe(differences));
    }

    [Fact]
    public void A_gradient_from_before_the_recording_is_a_difference_too()
    {
        static Recording After(double earlier)
        {
            Tensor x = Tensor.From([0.5, -1], dtype: DType.Float64).AsLeaf().Named("x");
            (x * earlier).Sum().Backward();
            return RecordedProgram.By(() => x.Tanh().Sum().Backward());
        }

        Assert.Empty(RecordingComparison.Compare(After(1), After(1)));
        RecordingDifference only = Assert.Single(RecordingComparison.Compare(After(1), After(3)));
        Assert.StartsWith("backward of #1 Tanh: earlier gradient of x differs at [0]: 1 and 3", only.What);
    }

    [Fact]
    public void Other_operations_are_one_difference_and_the_rest_is_compared_by_names()
    {
        // e^y as 1 / e^{−y}: the same numbers but for rounding.
        Recording other = Run(middle: y => 1 / (-y).Exp());

        RecordingDifference only = Assert.Single(RecordingComparison.Compare(Run(), other, tolerance: 1e-14));
        Assert.Equal("the recordings part: #2 Exp in layer in the first, #2 Negate in layer in the second", only.What);
        Assert.Equal((2, double.NaN), (only.Event, only.Difference));

        Recording wrong = Run(middle: y => 1.5 / (-y).Exp());
        IReadOnlyList<RecordingDifference> differences = RecordingComparison.Compare(Run(), wrong, tolerance: 1e-14);
        Assert.Equal(
            ["output of layer", "loss", "gradient of w", "gradient of the output of layer.inner", "gradient of x"],
            differences.Skip(1).Select(d => d.What[..d.What.IndexOf(" differs", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_recording_that_goes_on_and_one_that_kept_statistics_are_told()
    {
        Recording recording = Run();
        Recording forward = RecordedProgram.By(() => _ = Tensor.From([0.5, -1, 2], dtype: DType.Float64).AsLeaf().Named("x").Tanh());
        Assert.Contains(RecordingComparison.Compare(recording, forward), d => d.What.EndsWith("the end in the second", StringComparison.Ordinal)
            || d.What.StartsWith("the recordings part", StringComparison.Ordinal));

        RecordingOptions small = new() { LargestTensor = 1 };
        Assert.Empty(RecordingComparison.Compare(recording, Run(options: small)));
        Assert.Contains("statistics", RecordingComparison.Compare(recording, Run(w1: 1.25, options: small))[0].What);
    }
}
