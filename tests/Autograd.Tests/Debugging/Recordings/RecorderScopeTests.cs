using System.Runtime.CompilerServices;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>When and where a recorder records, and what happens when something goes wrong meanwhile.</summary>
public class RecorderScopeTests
{
    private static Tensor Leaf() => Tensor.From([0.5, -1.25, 3], dtype: DType.Float64).AsLeaf().Named("x");

    [Fact]
    public void A_recorder_that_comes_after_the_forward_pass_says_so_and_does_no_harm()
    {
        Tensor x = Leaf();
        Tensor loss = x.Exp().Sum();
        using (Recorder recorder = new())
        {
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => loss.Backward());
            Assert.Contains("open the recorder before the forward pass", error.Message, StringComparison.Ordinal);
            Assert.Null(loss.Gradient);
            Assert.Empty(recorder.ToRecording().Timeline);
        }

        loss.Backward();
        Assert.Equal(x.Exp().ToDoubles(), x.Gradient!.ToDoubles());
    }

    [Fact]
    public void A_recorder_that_comes_in_the_middle_of_the_forward_pass_says_so_when_it_gets_there()
    {
        Tensor x = Leaf();
        Tensor early = x.Exp();
        using Recorder recorder = new();
        Tensor loss = early.Sum();
        Assert.Contains("Exp", Assert.Throws<InvalidOperationException>(() => loss.Backward()).Message, StringComparison.Ordinal);
        Assert.Null(x.Gradient);
        // Outside of any walk again.
        Assert.Throws<InvalidOperationException>(() => BackwardWalk.Active);
    }

    [Fact]
    public void One_recorder_a_thread()
    {
        using Recorder recorder = new();
        Assert.Contains("open on this thread already", Assert.Throws<InvalidOperationException>(() => new Recorder()).Message, StringComparison.Ordinal);
        Assert.Same(recorder, Recorder.Active);
        recorder.Dispose();
        Assert.Null(Recorder.Active);
        using Recorder next = new();
        Assert.Same(next, Recorder.Active);
    }

    [Fact]
    public void Other_threads_are_not_recorded()
    {
        using Recorder recorder = new();
        Graph.OnNewThread(() =>
        {
            Assert.Null(Recorder.Active);
            Leaf().Exp().Sum().Backward();
            using Recorder own = new();
            Leaf().Tanh();
            Assert.Single(own.ToRecording().Operations);
            Assert.Throws<InvalidOperationException>(recorder.Dispose);
        });
        Assert.Empty(recorder.ToRecording().Operations);
        Assert.Same(recorder, Recorder.Active);
    }

    [Fact]
    public void An_exception_in_the_middle_of_a_backward_pass_leaves_the_recorder_usable()
    {
        Tensor x = Leaf();
        using Recorder recorder = new();
        Fails fails = new(x);
        Tensor loss = fails.Apply().Exp().Sum();
        Assert.Throws<DivideByZeroException>(() => loss.Backward(keepGraph: true));
        Assert.Null(recorder.ToRecording().GradientOf(recorder.ToRecording().Tensors[0]));
        fails.Broken = false;
        loss.Backward();
        Recording recording = recorder.ToRecording();
        Assert.Equal(Graph.Bits(x.Gradient!), Graph.Bits(recording.GradientOf(recording.Tensors[0])!.ToTensor(DType.Float64)));
        Assert.Equal([1, 1, 2, 2, 2], recording.Timeline.Where(e => e.Kind == TimelineEventKind.Backward).Select(e => e.Pass));
    }

    [Fact]
    public void Recording_changes_no_bit()
    {
        static (long[] Loss, long[] Gradient) Run()
        {
            Tensor x = Tensor.Normal([7, 5], new Transformer.Kernels.RandomKey(2, 2, 0, 0)).AsLeaf();
            using Step step = new();
            Tensor loss = (x.Dropout(0.4, new Transformer.Kernels.RandomKey(4, 4, 4, 4)).MatMul(x.Transpose(0, 1)).Softmax() * 3).LogSoftmax().Mean();
            loss.Backward();
            return (Graph.Bits(loss), Graph.Bits(x.Gradient!));
        }

        (long[] loss, long[] gradient) = Run();
        using Recorder recorder = new();
        (long[] recordedLoss, long[] recordedGradient) = Run();
        Assert.Equal(loss, recordedLoss);
        Assert.Equal(gradient, recordedGradient);
        Assert.NotEmpty(recorder.ToRecording().Operations);
    }

    [Fact]
    public void The_line_is_the_one_that_a_person_wrote()
    {
        using Recorder recorder = new();
        Tensor x = Leaf();
        int first = Line() + 1;
        x.Exp();
        ((Action)(() => x.Tanh()))();
        foreach (Tensor _ in Steps(x))
        {
        }

        (SourceFrame User, SourceFrame Layer)[] lines = [.. recorder.ToRecording().Operations.Select(operation => (operation.UserLine!, operation.LayerLine!))];
        Assert.All(lines, line => Assert.Equal(line.User, line.Layer));
        Assert.All(lines, line => Assert.Equal("tests/Autograd.Tests/Debugging/Recordings/RecorderScopeTests.cs", line.User.File));
        Assert.Equal([first, first + 1], lines.Take(2).Select(line => line.User.Line));
        Assert.Equal(
            ["RecorderScopeTests.The_line_is_the_one_that_a_person_wrote", "RecorderScopeTests.The_line_is_the_one_that_a_person_wrote", "RecorderScopeTests.Steps"],
            lines.Select(line => line.User.Method));
        Assert.Equal("yield return x.Sigmoid();", lines[2].User.Text);
    }

    private static IEnumerable<Tensor> Steps(Tensor x)
    {
        yield return x.Sigmoid();
    }

    private static int Line([CallerLineNumber] int line = 0) => line;

    private sealed class Fails(Tensor x) : Operation(x)
    {
        public bool Broken { get; set; } = true;

        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y) => Values<T>(x).CopyTo(y);

        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            Span<T> dx = ContributionTo<T>(x);
            if (Broken)
                throw new DivideByZeroException();
            dy.CopyTo(dx);
        }
    }
}
