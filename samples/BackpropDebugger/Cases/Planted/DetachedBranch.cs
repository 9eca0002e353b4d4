using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>A gate whose gradient ends at a copy that was made to keep its values.</summary>
internal static class DetachedBranch
{
    private const int Size = 6;
    private const int Samples = 10;

    public static PlantedBug Bug { get; } = new(
        "detached-branch",
        "Half of the network never trains",
        """
        Two layers look at the same input: one makes values, the other a gate between 0 and 1 for each. Training improves the values
        only; the gate's parameters stay what they were.
        """,
        [
            new("goto end", "both passes are over"),
            new("gradients", "gate.weight and gate.bias have none at all, not even 0"),
            new("why gate.weight.grad[0, 0]", "detached: the way to the loss ends at a copy of what the Sigmoid made"),
            new("break kind Sigmoid", "let us go there"),
            new("reverse-continue", "the forward pass already: it has no backward step"),
            new("source", "the line"),
        ],
        """
        Keep() makes a copy outside the graph. The program wanted the copy for a picture and then computed on with it. The right line:
          Tensor gate = branches.Gate.Forward(x).Sigmoid();
        and the picture takes gate.Keep().
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(11);
        Tensor x = Tensor.Normal([Samples, Size], streams.NextInitialKey(), dtype: DType.Float64).Named("x");
        Tensor wanted = Tensor.Normal([Samples, Size], streams.NextInitialKey(), dtype: DType.Float64).Named("wanted");
        Branches branches = new(streams);

        using Recorder recorder = new();
        Tensor value = branches.Value.Forward(x).Named("values");
        Tensor gate;
        if (healthy)
            gate = branches.Gate.Forward(x).Sigmoid();
        else // planted
            gate = branches.Gate.Forward(x).Sigmoid().Keep();
        Tensor error = (value * gate) - wanted;
        Tensor loss = (error * error).Mean().Named("loss");
        loss.Backward();
        return recorder.ToRecording();
    }

    private sealed class Branches : Module
    {
        public Branches(RandomStreams streams)
        {
            Value = Register("value", new Linear(Size, Size, streams, DType.Float64));
            Gate = Register("gate", new Linear(Size, Size, streams, DType.Float64));
        }

        public Linear Value { get; }

        public Linear Gate { get; }
    }
}
