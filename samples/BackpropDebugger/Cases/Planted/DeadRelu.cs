using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>A layer whose ReLUs are all off, for every input.</summary>
internal static class DeadRelu
{
    private const int Inputs = 4;
    private const int Hidden = 8;
    private const int Samples = 16;

    public static PlantedBug Bug { get; } = new(
        "dead-relu",
        "A network whose first layer never changes",
        """
        A network of two layers with a ReLU between them is trained, and only the last bias ever moves: the output is the same for
        every input.
        """,
        [
            new("goto end", "both passes are over"),
            new("gradients", "first.weight, first.bias and second.weight get exactly 0"),
            new("why first.weight.grad[0, 0]", "dead ReLU: every input of the rectifier is negative, for all samples"),
            new("break kind Relu", "let us see it"),
            new("reverse-continue", "its backward step"),
            new("reverse-continue", "and the rectifier itself: it made nothing but zeros"),
            new("stats inner", "its inputs: the maximum is below 0"),
            new("source inner", "the line that makes them"),
        ],
        """
        Someone shifted the inputs of the rectifier down, to make the network sparse, by more than they spread. What is 0 everywhere
        has gradient 0 everywhere and stays so. The right line:
          Tensor inner = first.Forward(x);
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(7);
        Tensor x = Tensor.Normal([Samples, Inputs], streams.NextInitialKey(), dtype: DType.Float64).Named("x");
        Tensor wanted = Tensor.Normal([Samples, 1], streams.NextInitialKey(), dtype: DType.Float64).Named("wanted");
        Network network = new(streams, healthy);

        using Recorder recorder = new();
        Tensor error = network.Forward(x) - wanted;
        Tensor loss = (error * error).Mean().Named("loss");
        loss.Backward();
        return recorder.ToRecording();
    }

    private sealed class Network : Module
    {
        private readonly bool healthy;
        private readonly Linear first;
        private readonly Linear second;

        public Network(RandomStreams streams, bool healthy)
        {
            this.healthy = healthy;
            first = Register("first", new Linear(Inputs, Hidden, streams, DType.Float64));
            second = Register("second", new Linear(Hidden, 1, streams, DType.Float64));
        }

        public Tensor Forward(Tensor x)
        {
            using ModuleScope scope = Enter();
            Tensor inner;
            if (healthy)
                inner = first.Forward(x);
            else // planted
                inner = first.Forward(x) - 6;
            return second.Forward(inner.Named("inner").Relu().Named("active"));
        }
    }
}
