using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>The gradients that a recording derives from its contributions are those that the engine leaves, to the last bit.</summary>
public class RecordedGradientTests
{
    private static readonly double[] Numbers = [0.5, -1.25, 3, 0.1];

    private static Tensor Leaf(string name, DType dtype = DType.Float64) => Tensor.From(Numbers, [2, 2], dtype).AsLeaf().Named(name);

    private static RecordedTensor Named(Recording recording, string label) => recording.Tensors.Single(tensor => tensor.Label == label);

    private static void AssertSame(Tensor expected, RecordedValues? actual) => Assert.Equal(Graph.Bits(expected), Graph.Bits(actual!.ToTensor(expected.DType)));

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void A_gradient_from_before_the_recording_is_the_first_summand(DType dtype)
    {
        Tensor x = Leaf("x", dtype);
        x.Tanh().Sum().Backward();
        Tensor earlier = x.Gradient!.Keep();
        using Recorder recorder = new();
        (x * x).Exp().Sum().Backward();
        Recording recording = recorder.ToRecording();

        RecordedTensor recorded = Named(recording, "x");
        AssertSame(earlier, recorded.GradientBefore);
        AssertSame(earlier, recording.GradientOf(recorded, events: 0));
        AssertSame(x.Gradient!, recording.GradientOf(recorded));
    }

    // ∂x/∂x = 1: the loss may be a leaf, and may have a gradient already.
    [Fact]
    public void A_leaf_that_is_the_loss_keeps_its_earlier_gradient()
    {
        Tensor x = Tensor.Scalar(2, DType.Float64).AsLeaf().Named("x");
        x.Backward();
        using Recorder recorder = new();
        x.Backward();
        x.Backward();
        Recording recording = recorder.ToRecording();

        Assert.Equal(3, x.Gradient!.Item());
        Assert.Equal(3, recording.GradientOf(Named(recording, "x"))!.ValueAt(0));
    }

    [Fact]
    public void Several_passes_add_up_at_leaves_and_begin_anew_at_computed_tensors()
    {
        Tensor x = Leaf("x");
        using Recorder recorder = new();
        Tensor y = (x * x).Named("y");
        Tensor loss = y.Sum();
        loss.Backward(keepGraph: true);
        loss.Backward(Tensor.Scalar(2.5, DType.Float64), keepGraph: true);
        Recording recording = recorder.ToRecording();

        AssertSame(x.Gradient!, recording.GradientOf(Named(recording, "x")));
        AssertSame(y.Gradient!, recording.GradientOf(Named(recording, "y")));
        Assert.Equal([1, 2], recording.Timeline.Where(e => e.Kind == TimelineEventKind.BackwardStart).Select(e => e.Pass));
        int half = recording.Timeline.Last(e => e.Kind == TimelineEventKind.BackwardStart).Number - 1;
        Assert.Equal([1, 1, 1, 1], recording.GradientOf(Named(recording, "y"), half)!.ToTensor(DType.Float64).ToDoubles());
    }

    [Fact]
    public void Two_walks_that_take_turns_never_mix_the_gradients_of_a_computed_tensor()
    {
        Tensor x = Leaf("x");
        using Recorder recorder = new();
        Tensor y = x.Tanh().Named("y");
        Tensor first = (y + (y * 3)).Sum();
        Tensor second = y.Sum();
        using (IEnumerator<Operation> steps = first.BackwardSteps(keepGraph: true).GetEnumerator())
        {
            Assert.True(steps.MoveNext());
            second.Backward(keepGraph: true);
            // The first walk goes on and writes y's gradient anew.
            Assert.True(steps.MoveNext());
            Recording recording = recorder.ToRecording();
            AssertSame(y.Gradient!, recording.GradientOf(Named(recording, "y")));
        }
    }

    [Fact]
    public void A_reset_forgets_and_accumulation_goes_on_after_it()
    {
        Tensor x = Leaf("x");
        using Recorder recorder = new();
        x.Exp().Sum().Backward();
        x.ZeroGradient();
        Assert.Null(recorder.ToRecording().GradientOf(Named(recorder.ToRecording(), "x")));
        (x * x).Sum().Backward();
        x.Tanh().Sum().Backward();
        Recording recording = recorder.ToRecording();
        AssertSame(x.Gradient!, recording.GradientOf(Named(recording, "x")));
        Assert.Single(recording.Timeline, e => e.Kind == TimelineEventKind.GradientReset);
    }

    // y = 2x is read, edited and read again: ∂L/∂y = 1 + 3 for L = Σ (y + x) + Σ 3y, by either reading.
    [Fact]
    public void A_computed_tensor_that_was_read_before_and_after_an_edit_has_one_gradient()
    {
        Tensor x = Leaf("x");
        Recording recording = RecordedProgram.By(() =>
        {
            Tensor y = (x * 2).Named("y");
            Tensor before = y + x;
            y.Edit<double>(values => values[0] = 9);
            (before.Sum() + (y * 3).Sum()).Backward();
        });

        TimelineEvent last = recording.Timeline[^1];
        Assert.Equal([4, 4, 4, 4], last.Gradient!.ToTensor(DType.Float64).ToDoubles());
        Assert.Equal([4, 4, 4, 4], recording.GradientOf(last.Tensor)!.ToTensor(DType.Float64).ToDoubles());
        AssertSame(x.Gradient!, recording.GradientOf(Named(recording, "x")));
        Assert.All(recording.Tensors, tensor => Assert.Null(tensor.GradientBefore));
        Assert.Equal(RecordingBits.Of(recording), RecordingBits.Of(Replay.Run(recording).Recording));
        Assert.True(FiniteDifference.Check(recording, last.Tensor, 0).Agrees);
    }

    public static TheoryData<string> RepeatedInputs => [.. Repeated.Keys];

    private static Dictionary<string, Func<Tensor, Tensor, Tensor>> Repeated { get; } = new()
    {
        ["Add"] = (a, b) => a + b,
        ["Subtract"] = (a, b) => a - b,
        ["Multiply"] = (a, b) => a * b,
        ["Divide"] = (a, b) => a / b,
        ["MatMul"] = (a, b) => a.MatMul(b),
        ["Linear"] = (a, b) => a.Linear(b),
        ["Concatenate"] = (a, b) => Tensor.Concatenate(0, a, b),
    };

    // With one tensor in both places, place i gets what it would get if the tensors were different.
    [Theory]
    [MemberData(nameof(RepeatedInputs))]
    public void Each_place_of_a_repeated_input_has_its_own_contribution(string kind)
    {
        Tensor weight = Tensor.Normal([4, 2], new Transformer.Kernels.RandomKey(3, 1, 0, 0), dtype: DType.Float64);
        Tensor Loss(Tensor y) => (y * (y.Shape[0] == 4 ? weight : weight.Slice(0, 0, 2))).Sum();
        (Tensor a, Tensor b, Tensor x) = (Leaf("a"), Leaf("b"), Leaf("x"));
        Loss(Repeated[kind](a, b)).Backward();
        using Recorder recorder = new();
        Loss(Repeated[kind](x, x)).Backward();
        Recording recording = recorder.ToRecording();

        TimelineEvent entry = recording.Timeline.Single(e => e.Kind == TimelineEventKind.Backward && e.Operation!.Inputs[0].Name == "x");
        AssertSame(a.Gradient!, entry.Contributions.Single(c => c.InputPosition == 0).Values);
        AssertSame(b.Gradient!, entry.Contributions.Single(c => c.InputPosition == 1).Values);
        AssertSame(x.Gradient!, recording.GradientOf(Named(recording, "x")));
    }

    // The documentation allows one request for each place; the engine adds a second one, and so does the recording.
    [Fact]
    public void A_contribution_too_many_is_recorded_as_the_engine_adds_it()
    {
        Tensor x = Leaf("x");
        using Recorder recorder = new();
        new AsksTwice(x).Apply().Sum().Backward();
        Recording recording = recorder.ToRecording();
        Assert.Equal([2, 2, 2, 2], x.Gradient!.ToDoubles());
        AssertSame(x.Gradient!, recording.GradientOf(Named(recording, "x")));
        using MemoryStream file = new();
        RecordingFile.Write(recording, file);
        file.Position = 0;
        Recording loaded = RecordingFile.Read(file, "file");
        AssertSame(x.Gradient!, loaded.GradientOf(Named(loaded, "x")));
    }

    private sealed class AsksTwice(Tensor x) : Operation(x)
    {
        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y) => Values<T>(x).CopyTo(y);

        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            dy.CopyTo(ContributionTo<T>(x));
            dy.CopyTo(ContributionTo<T>(x));
        }
    }
}
