using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>A recording holds what the engine computed, to the last bit.</summary>
public class RecorderTests
{
    // L = Σ (x ⊙ x + tanh x): x gets two contributions from x ⊙ x and one from tanh.
    private static Tensor Loss(Tensor x) => ((x * x) + x.Tanh()).Sum();

    [Fact]
    public void The_gradient_is_the_sum_of_the_recorded_contributions()
    {
        Tensor x = Tensor.From([0.5, -1.25, 3], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording;
        using (Recorder recorder = new())
        {
            Loss(x).Backward();
            recording = recorder.ToRecording();
        }

        RecordedTensor recorded = Assert.Single(recording.Tensors, tensor => tensor.Name == "x");
        Assert.Equal(x.Gradient!.ToDoubles(), recording.GradientOf(recorded)!.ToTensor(DType.Float64).ToDoubles());
        Assert.Equal(
            [(0, "Tanh"), (0, "Multiply"), (1, "Multiply")],
            recording.GradientEventsOf(recorded).SelectMany(e => e.Contributions.Select(c => (c.InputPosition, e.Operation!.Kind))));
    }

    [Fact]
    public void A_name_given_after_the_computation_is_recorded()
    {
        Tensor x = Tensor.From([0.5, -1.25, 3], dtype: DType.Float64).AsLeaf().Named("x");
        using Recorder recorder = new();
        Tensor y = x.Tanh().Named("y");
        Recording recording = recorder.ToRecording();
        y.Name = "later";

        Assert.Equal(["x", "y"], recording.Tensors.Select(tensor => tensor.Label));
    }

    [Fact]
    public void Events_run_forward_and_then_backward_through_the_same_operations()
    {
        Tensor x = Tensor.From([0.5, -1.25, 3], dtype: DType.Float64).AsLeaf().Named("x");
        using Recorder recorder = new();
        Loss(x).Backward();
        Recording recording = recorder.ToRecording();

        Assert.Equal(["Multiply", "Tanh", "Add", "Sum"], recording.Operations.Select(operation => operation.Kind));
        Assert.Equal(
            [1, 2, 3, 4, 4, 3, 2, 1], recording.Timeline.Where(e => e.Operation is not null).Select(e => e.Operation!.Number));
        Assert.Equal("tests/Autograd.Tests/Debugging/Recordings/RecorderTests.cs", recording.Operations[0].UserLine?.File);
        Assert.Contains("x * x", recording.Operations[0].UserLine?.Text);
    }
}
