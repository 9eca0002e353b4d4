using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Autograd.Debugging.Sessions;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>Gradients that are added up from one event to the next are the recording's, to the last bit.</summary>
public class GradientsAtTests
{
    [Fact]
    public void In_any_order_of_asking_they_are_those_of_the_recording() => Properties.Check(30, drawing =>
    {
        Recording recording = Recorded.Random(drawing);
        GradientsAt gradients = new(recording);
        Draw draw = drawing.Begin();
        int[] walk = [.. Enumerable.Range(0, recording.Timeline.Count + 1), .. draw.Permutation(recording.Timeline.Count + 1)];
        foreach (int events in walk)
            Assert.All(recording.Tensors, tensor => AssertSame(recording.GradientOf(tensor, events), gradients.Of(tensor, events)));
    });

    [Fact]
    public void Over_several_passes_and_a_reset_too()
    {
        Recording recording = Recorded.Passes();
        GradientsAt gradients = new(recording);
        for (int events = 0; events <= recording.Timeline.Count; events++)
            Assert.All(recording.Tensors, tensor => AssertSame(recording.GradientOf(tensor, events), gradients.Of(tensor, events)));
    }

    [Fact]
    public void Between_two_contributions_nothing_is_added_up_again()
    {
        Recording recording = Recorded.Passes();
        RecordedTensor x = recording.Tensors.Single(tensor => tensor.Name == "x");
        GradientsAt gradients = new(recording);
        int[] changes = [.. recording.GradientEventsOf(x).Select(entry => entry.Number)];
        Assert.Equal(4, changes.Length);
        for (int i = 0; i + 1 < changes.Length; i++)
            Assert.Same(gradients.Of(x, changes[i]), gradients.Of(x, changes[i + 1] - 1));
    }

    private static void AssertSame(RecordedValues? expected, RecordedValues? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is not null)
            Assert.Equal(expected.ToTensor(DType.Float64).ToDoubles(), actual!.ToTensor(DType.Float64).ToDoubles());
    }
}
