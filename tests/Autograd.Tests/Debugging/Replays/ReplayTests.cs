using Autograd.Tests.Gradients;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>A recording runs again without the program that made it, to the same bits.</summary>
public class ReplayTests
{
    private static readonly Shapes Few = Shapes.OfRank(0, 3) with { MaximumCount = 12, Sizes = [0, 1, 2, 3] };

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Every_operation_replays_to_the_same_bits_in_either_precision(string name)
    {
        GradientCase one = Cases.Named(name);
        Properties.Check(
            4,
            drawing =>
            {
                GradientProblem problem = one.Make(drawing.Begin());
                Tensor[] singles = [.. problem.Leaves.Select(leaf => leaf.To(DType.Float32).AsLeaf())];
                Tensor dy = drawing.Begin().Leaf(problem.Apply().Shape);
                Assert.All(
                    [
                        RecordedProgram.By(() => problem.Apply().Backward(dy)),
                        RecordedProgram.By(() => problem.Function(singles).Backward(dy.To(DType.Float32))),
                    ],
                    recording => Assert.Equal(RecordingBits.Of(recording), RecordingBits.Of(Replay.Run(recording).Recording)));
            },
            one.Shapes);
    }

    [Fact]
    public void A_random_graph_replays_to_the_same_bits() => Properties.Check(
        25,
        drawing =>
        {
            Tensor[] leaves = RandomGraphTests.Leaves(drawing);
            Recording recording = RecordedProgram.By(() => RandomGraphTests.Build(drawing, leaves).Backward());
            Assert.Equal(RecordingBits.Of(recording), RecordingBits.Of(Replay.Run(recording).Recording));
        },
        Few);

    [Fact]
    public void A_replay_in_double_precision_is_what_the_program_computes_in_double_precision()
    {
        static Recording Record(DType dtype) => RecordedProgram.By(() =>
        {
            // Numbers that single precision holds exactly; the rate is one that it rounds.
            Tensor x = Tensor.From([0.5, -1.25, 3, 0.75], [2, 2], dtype).AsLeaf().Named("x");
            Tensor w = Tensor.From([1, 2, -0.5, 0.25], [2, 2], dtype).AsLeaf().Named("w");
            x.Linear(w).Tanh().Dropout((float)0.3, new RandomKey(1, 2, 3, 4)).Softmax().Log().Sum().Backward();
        });

        Recording doubled = Replay.Run(Record(DType.Float32), DType.Float64).Recording;
        Recording expected = Record(DType.Float64);

        Assert.Empty(RecordingComparison.Compare(expected, doubled));
        Assert.All(doubled.Tensors, tensor => Assert.Equal(DType.Float64, tensor.DType));
    }

    [Fact]
    public void Passes_resets_earlier_gradients_edits_copies_and_scopes_without_gradient_are_replayed()
    {
        Tensor x = Tensor.From([0.5, -1.25, 3], dtype: DType.Float64).AsLeaf().Named("x");
        Tensor w = Tensor.From([2, 1, -1], dtype: DType.Float64).AsLeaf().Named("w");
        Tensor data = Tensor.From([1, 2, 3], dtype: DType.Float64);
        (x * w).Sum().Backward();
        Recording recording = RecordedProgram.By(() =>
        {
            Tensor y = (x * w * data * x).Tanh();
            Tensor detached = y.Keep();
            Tensor frozen;
            using (new NoGradient())
                frozen = x.Exp();
            Tensor loss = (y * detached).Sum() + (w * frozen).Mean();
            loss.Backward(keepGraph: true);
            loss.Backward();
            w.ZeroGradient();
            x.Edit<double>(values => values[1] = 4);
            y = x * w;
            // Not what x * w computed: its backward pass does not need it.
            y.Edit<double>(values => values[0] += 1);
            (y * y).Backward(Tensor.From([1, -2, 0.5], dtype: DType.Float64));
        });

        Recording again = Replay.Run(recording).Recording;

        Assert.Equal(RecordingBits.Of(recording), RecordingBits.Of(again));
        Assert.Equal(3, again.Timeline.Count(entry => entry.Kind == TimelineEventKind.BackwardStart));
        Assert.Contains(again.Tensors, tensor => tensor.GradientBefore is not null);
        Assert.Contains(again.Tensors, tensor => tensor.Label == "x@2");
        Assert.Contains(again.Operations, operation => !operation.IsOnTape);
        Tensor gradient = again.GradientOf(again.Tensors.Single(tensor => tensor.Label == "w"))!.ToTensor(DType.Float64);
        Assert.Equal(Graph.Bits(w.Gradient!), Graph.Bits(gradient));
    }

    [Fact]
    public void What_is_under_way_on_the_thread_stays_untouched()
    {
        Tensor x = Tensor.From([0.5, -1.25], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => x.Tanh().Sum().Backward());
        x.ZeroGradient();
        using Step step = new();
        Tensor loss = (x * x).Sum();
        using NoGradient scope = new();
        using Recorder recorder = new();
        IReadOnlyList<Operation> tape = [.. Tape.Current.Operations];

        Replay.Run(recording);
        Replay.Run(recording, null, new ValueEdit(recording.Tensors[0], 0, 2));
        FiniteDifference.Check(recording, recording.Tensors[0], 1);
        FiniteDifference.LocalError(recording, recording.Timeline[^1]);
        ComposedForm.Of(recording, recording.Operations[0]);
        OperationCatalogue.Register("Failing", (inputs, _) => new Failing(inputs[0]));
        Assert.Throws<NotSupportedException>(() => Replay.Run(Failing.Recording()));

        Assert.Equal(tape, Tape.Current.Operations);
        Assert.Same(step, Step.Current);
        Assert.True(NoGradient.IsActive);
        Assert.Same(recorder, Recorder.Active);
        Assert.Empty(recorder.ToRecording().Operations);
        Assert.Null(x.Gradient);
        recorder.Dispose();
        loss.Backward();
        Assert.Equal([1, -2.5], x.Gradient!.ToDoubles());
    }

    [Fact]
    public void A_replay_runs_inside_a_backward_pass()
    {
        Tensor x = Tensor.From([0.5, -1.25], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => x.Tanh().Sum().Backward());
        x.ZeroGradient();

        foreach (Operation unused in (x * x * x).Sum().BackwardSteps())
            Assert.Equal(RecordingBits.Of(recording), RecordingBits.Of(Replay.Run(recording).Recording));

        Assert.Equal(3 * 0.25, x.Gradient![0]);
    }

    [Fact]
    public void An_operation_of_ones_own_is_replayed_once_it_is_registered()
    {
        Tensor x = Tensor.From([0.5, -1.25], dtype: DType.Float64).AsLeaf();
        Recording recording = RecordedProgram.By(() => new Cube("RegisteredCube", x).Apply().Sum().Backward());
        Recording unknown = RecordedProgram.By(() => new Cube("UnknownCube", x + 1).Apply().Sum().Backward());

        OperationCatalogue.Register("RegisteredCube", (inputs, _) => new Cube("RegisteredCube", inputs[0]));

        Assert.Equal(RecordingBits.Of(recording), RecordingBits.Of(Replay.Run(recording).Recording));
        string message = Assert.Throws<KeyNotFoundException>(() => Replay.Run(unknown)).Message;
        Assert.Contains("#2 UnknownCube", message);
        Assert.Contains("OperationCatalogue.Register(\"UnknownCube\"", message);
        Assert.Throws<ArgumentException>(() => OperationCatalogue.Register("Softmax", (inputs, _) => new Cube("Softmax", inputs[0])));
    }

    [Fact]
    public void Left_out_outputs_are_computed_and_a_left_out_leaf_is_named()
    {
        Tensor x = Tensor.From([0.5, -1.25], dtype: DType.Float64).AsLeaf().Named("x");
        Tensor large = Tensor.Full([3, 2], 0.5, DType.Float64).AsLeaf().Named("large");
        RecordingOptions small = new() { LargestTensor = 5 };
        Recording outputs = RecordedProgram.By(() => (x.Reshape(2, 1) * x * 2).MatMul(x.Reshape(2, 1)).Sum().Backward(), small with { LargestTensor = 3 });
        Recording leaf = RecordedProgram.By(() => (large * x).Sum().Backward(), small);

        Assert.Contains(outputs.Operations, operation => !operation.Output.Values.IsComplete);
        Recording again = Replay.Run(outputs).Recording;
        Assert.Equal([0.5, -1.25, -1.25, 3.125], again.Operations[2].Output.Values.ToTensor(DType.Float64).ToDoubles());
        Assert.All(again.Tensors, tensor => Assert.True(tensor.Values.IsComplete));
        Assert.Contains("large [3, 2]", Assert.Throws<ValuesLeftOutException>(() => Replay.Run(leaf)).Message);
        Assert.Contains(
            "large [3, 2]", Assert.Throws<ValuesLeftOutException>(() => FiniteDifference.Check(leaf, leaf.Tensors[0], 0)).Message);
    }

    /// <summary>y = x³, of any name.</summary>
    private sealed class Cube(string kind, Tensor x) : Operation(x)
    {
        public override string Kind => kind;

        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y)
        {
            for (int i = 0; i < y.Length; i++)
                y[i] = Values<T>(x)[i] * Values<T>(x)[i] * Values<T>(x)[i];
        }

        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            Span<T> dx = ContributionTo<T>(x);
            for (int i = 0; i < dy.Length; i++)
                dx[i] = dy[i] * T.CreateChecked(3) * Values<T>(x)[i] * Values<T>(x)[i];
        }
    }

    /// <summary>Throws in its second backward pass: the replay's.</summary>
    private sealed class Failing(Tensor x) : Operation(x)
    {
        [ThreadStatic]
        private static int passes;

        protected override Shape OutputShape => x.Shape;

        // On a thread of its own, for the test's has a recorder open.
        public static Recording Recording()
        {
            Recording? recording = null;
            Graph.OnNewThread(() => recording = RecordedProgram.By(() => new Failing(Tensor.From([1]).AsLeaf()).Apply().Sum().Backward()));
            passes = 1;
            return recording!;
        }

        protected override void Forward<T>(Span<T> y) => y.Clear();

        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            if (passes++ > 0)
                throw new NotSupportedException("planted");
            ContributionTo<T>(x).Clear();
        }
    }
}
