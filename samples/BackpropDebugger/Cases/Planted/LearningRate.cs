using System.Globalization;
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
            new("print loss6", "the sixth is a hundred thousand times as large"),
            new("fd line.weight@6[0, 0]", "the gradient is right: what is wrong comes after it"),
            new("print line.weight@1", "the right slope is 2; it begins below"),
            new("print line.weight@2", "one step later it is far above"),
            new("print line.weight@3", "then farther below: each step goes across the valley and up the other side"),
            new("info", "the learning rate of this program"),
            new("until loss6 > 1e4", "to the last of the losses"),
            new("break module line", "and back to the module"),
            new("reverse-continue", "whose weight made it"),
            new("source", "in this line"),
        ],
        """
        A step of gradient descent on a parabola of curvature c comes nearer to the bottom while the rate is below 2 / c; beyond that it
        overshoots by more than it was off. The curvature here, twice the mean of x², is 8.9. The right line:
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
        recorder.AddFact("learning rate", optimizer.LearningRate.ToString(CultureInfo.InvariantCulture));
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
