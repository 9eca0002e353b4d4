using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Training.Optimizers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>A training loop that never forgets a gradient.</summary>
internal static class GradientNotReset
{
    private const int Steps = 10;

    public static PlantedBug Bug { get; } = new(
        "gradient-not-reset",
        "Steps that grow while the loss swings",
        """
        Four steps of gradient descent on a straight line through eight points. The loss falls at first and then rises again: each
        step is longer than the last, as if the parameters had momentum.
        """,
        [
            new("print loss1", "the first loss"),
            new("print loss4", "the fourth"),
            new("end", "all four steps are over"),
            new("print line.weight@4.grad", "the gradient that the fourth step used"),
            new("tensors", "each step has its own version of line.weight"),
            new("why line.weight@4.grad[0, 0]", "most of it was there before the fourth backward pass: it was never reset"),
        ],
        """
        Backward() adds to the gradients that are there, which is right where several batches make one step; a new step has to begin
        with none. The missing line, first in the loop:
          line.ZeroGradients();
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
