using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Training.Optimizers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>A validation that runs with dropout.</summary>
internal static class DropoutInEvaluation
{
    private const int Inputs = 4;
    private const int Hidden = 32;
    private const int Samples = 16;
    private const int Steps = 100;

    public static PlantedBug Bug { get; } = new(
        "dropout-in-evaluation",
        "Two validations of one model that differ",
        """
        A trained network is validated twice in a row on the same samples, and the two losses differ. Both are worse than they should
        be.
        """,
        [
            new("print loss1", "the first validation"),
            new("print loss2", "the second: the same samples, the same parameters, another loss"),
            new("operations", "an evaluation has nothing random in it; this one has a Dropout"),
            new("break kind Dropout", "let us see it"),
            new("continue", "stops there, in the module dropout"),
            new("stats", "half of the units are 0 and the rest are doubled"),
            new("source", "the line in the model"),
        ],
        """
        The model was left in training mode. The missing line, before the validation:
          network.Evaluate();
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(12);
        Tensor x = Tensor.Normal([Samples, Inputs], streams.NextInitialKey()).Named("x");
        Tensor wanted = x.Sum([-1], keepAxes: true).Tanh().Named("wanted");
        Network network = new(streams);
        Adam optimizer = new([.. network.Parameters()], learningRate: 0.01);
        for (uint step = 1; step <= Steps; step++)
        {
            using Step memory = new();
            streams.Step = step;
            network.ZeroGradients();
            network.Loss(x, wanted).Backward();
            optimizer.Step();
        }

        using Recorder recorder = new();
        using NoGradient scope = new();
        if (healthy)
            network.Evaluate();
        for (int i = 1; i <= 2; i++)
        {
            streams.Step++;
            network.Loss(x, wanted).Named($"loss{i}"); // planted: in training mode
        }

        return recorder.ToRecording();
    }

    private sealed class Network : Module
    {
        private readonly Linear first;
        private readonly Dropout dropout;
        private readonly Linear second;

        public Network(RandomStreams streams)
        {
            first = Register("first", new Linear(Inputs, Hidden, streams));
            dropout = Register("dropout", new Dropout(0.5, streams));
            second = Register("second", new Linear(Hidden, 1, streams));
        }

        public Tensor Loss(Tensor x, Tensor wanted)
        {
            using ModuleScope scope = Enter();
            Tensor active = dropout.Forward(first.Forward(x).Tanh());
            Tensor error = second.Forward(active) - wanted;
            return (error * error).Mean();
        }
    }
}
