using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Training.Optimizers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>Gradient descent whose steps leap over the valley.</summary>
internal static class LearningRate
{
    private const int Steps = 6;

    public static PlantedBug Bug { get; } = new(
        "learning-rate",
        "A loss that grows at every step",
        """
        Six steps of gradient descent on a straight line through eight points. Each gradient is right, and yet the loss grows and grows.
        """,
        [
            new("print loss1", "the first loss"),
            new("print loss2", "the second is larger"),
            new("print loss6", "the sixth is larger by far"),
            new("fd line.weight@6[0, 0]", "the gradient is right: what is wrong comes after it"),
            new("print line.weight.grad", "downhill is the other way"),
            new("print line.weight@2.grad", "one step later downhill is back again, and steeper: the step went across the valley"),
            new("break norm line.weight@6 > 20", "the weights themselves swing ever farther"),
            new("continue", "stops in the module line"),
            new("source", "the line that uses them"),
        ],
        """
        A step of gradient descent on a parabola of curvature c comes nearer to the bottom while the rate is below 2 / c; beyond that it
        overshoots by more than it was off. The curvature here is about 8. The right line:
          GradientDescent optimizer = new([.. model.Parameters()], learningRate: 0.1);
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(13);
        Tensor x = Tensor.From([-3, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3], [8, 1], DType.Float64).Named("x");
        Tensor wanted = (x * 2 + 1).Named("wanted");
        Model model = new(streams);
        GradientDescent optimizer;
        if (healthy)
            optimizer = new([.. model.Parameters()], learningRate: 0.1);
        else // planted
            optimizer = new([.. model.Parameters()], learningRate: 0.5);

        using Recorder recorder = new();
        for (int step = 1; step <= Steps; step++)
        {
            model.ZeroGradients();
            Tensor error = model.Line.Forward(x) - wanted;
            Tensor loss = (error * error).Mean().Named($"loss{step}");
            loss.Backward();
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
