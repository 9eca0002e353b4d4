using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Training.Optimizers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>A training loop that never forgets a gradient.</summary>
internal static class GradientNotReset
{
    private const int Steps = 5;

    public static PlantedBug Bug { get; } = new(
        "gradient-not-reset",
        "A loss that swings like a pendulum",
        """
        Five steps of gradient descent on a straight line through eight points. The loss falls almost to 0 and then rises again, as if
        the parameters swung through the bottom of the valley and up the other side.
        """,
        [
            new("print loss3", "almost at the bottom"),
            new("print loss5", "and as far up as at the start"),
            new("break parameter line.weight@4", "each step has its own version of the parameter: the fourth"),
            new("continue", "stops in the module line, where it is read"),
            new("continue", "and where its gradient arrives: it is added to one that was there"),
            new("why line.weight@4.grad[0, 0]", "which the steps before left behind: the gradient was never reset"),
            new("source", "a line of the loop that has no reset"),
        ],
        """
        Backward() adds to the gradients that are there, which is right where several batches make one step; a new step has to begin
        with none. The missing line, first in the loop:
          model.ZeroGradients();
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(6);
        Tensor x = Tensor.From([-1.5, -1, -0.75, -0.25, 0.25, 0.75, 1, 1.5], [8, 1], DType.Float64).Named("x");
        Tensor wanted = (x * 2 + 1).Named("wanted");
        Model model = new(streams);
        GradientDescent optimizer = new([.. model.Parameters()], learningRate: 0.2);

        using Recorder recorder = new();
        for (int step = 1; step <= Steps; step++)
        {
            if (healthy)
                model.ZeroGradients();
            Tensor error = model.Line.Forward(x) - wanted;
            Tensor loss = (error * error).Mean().Named($"loss{step}");
            loss.Backward(); // planted: without a reset before it
            optimizer.Step();
        }

        return recorder.ToRecording();
    }

    private sealed class Model : Module
    {
        public Model(RandomStreams streams) => Line = Register("line", new Linear(1, 1, streams, DType.Float64));

        public Linear Line { get; }
    }
}
