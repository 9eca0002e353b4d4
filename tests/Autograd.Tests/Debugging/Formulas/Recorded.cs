using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>Recordings of one function and its backward pass.</summary>
internal static class Recorded
{
    public static Recording Of(Func<Tensor> function, Tensor? dy = null)
    {
        using Recorder recorder = new(new RecordingOptions { SourceLines = false });
        Tensor y = function();
        if (dy is null)
            y.Backward();
        else
            y.Backward(dy);
        return recorder.ToRecording();
    }

    /// <summary>A problem at a precision, with a random gradient of its output.</summary>
    public static Recording Of(GradientProblem problem, DType dtype, Drawing drawing)
    {
        Tensor[] leaves = [.. problem.Leaves.Select(leaf => leaf.To(dtype).AsLeaf())];
        Tensor y = problem.Function(leaves);
        return Of(() => problem.Function(leaves), drawing.Begin().Leaf(y.Shape).To(dtype));
    }

    public static Tensor Leaf(double[] values, Shape? shape = null) => Tensor.From(values, shape, DType.Float64).AsLeaf();

    /// <summary>The first backward event of a kind.</summary>
    public static TimelineEvent Backward(this Recording recording, string kind) =>
        recording.Timeline.First(entry => entry.Kind == TimelineEventKind.Backward && entry.Operation!.Kind == kind);

    public static RecordedOperation Operation(this Recording recording, string kind) =>
        recording.Operations.First(operation => operation.Kind == kind);

    /// <summary>The line for one element of the first output of a kind; it must agree with what was recorded.</summary>
    public static string ForwardLine(this Recording recording, string kind, int position) =>
        Line(Formula.OfForward(recording, recording.Operation(kind), position));

    /// <summary>The same for a contribution.</summary>
    public static string BackwardLine(this Recording recording, string kind, int input, int position) =>
        Line(Formula.OfBackward(recording, recording.Backward(kind), input, position));

    private static string Line(Explanation explanation)
    {
        Assert.True(explanation.Agrees, explanation.ToString());
        return explanation.Line;
    }
}
