using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Training.Optimizers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>A recurrent network of many steps, trained without clipping (Pascanu et al. 2013).</summary>
internal static class ExplodingGradient
{
    private const int Size = 4;
    private const int Length = 24;

    public static PlantedBug Bug { get; } = new(
        "exploding-gradient",
        "A loss that is gone after one step",
        """
        A linear recurrence of 24 steps is trained with gradient descent. The first loss is 6.5, the second has more than forty
        digits.
        """,
        [
            new("print loss1", "reasonable"),
            new("print loss2", "not so"),
            new("break norm recurrence.weight.grad > 100", "a gradient that large throws the weights anywhere"),
            new("continue", "stops on the way back through the recurrence: the gradient grows at each Linear"),
            new("print recurrence.weight", "the weights before the first step"),
            new("print recurrence.weight@2", "and after it: the step was taken as it was"),
            new("until loss2 > 1e9", "so the second loss"),
            new("goto end", "and the second backward pass"),
            new("why recurrence.weight@2.grad[0, 1]", "has a gradient that explodes, by a factor of ten at each of 24 products"),
            new("source", "the line of the recurrence"),
        ],
        """
        The step took the whole gradient. The right line clips it to a norm of 1:
          optimizer.Step(GradientClipping.Scale(GradientClipping.GlobalNorm(parameters), 1));
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(8);
        Tensor start = Tensor.Normal([1, Size], streams.NextInitialKey(), deviation: 0.005, dtype: DType.Float64).Named("start");
        Model model = new();
        Parameter[] parameters = [.. model.Parameters()];
        GradientDescent optimizer = new(parameters, learningRate: 0.1);

        using Recorder recorder = new();
        for (int step = 1; step <= 2; step++)
        {
            model.ZeroGradients();
            Tensor loss = model.Loss(start).Named($"loss{step}");
            loss.Backward();
            if (healthy)
                optimizer.Step(GradientClipping.Scale(GradientClipping.GlobalNorm(parameters), 1));
            else // planted
                optimizer.Step();
        }

        return recorder.ToRecording();
    }

    private sealed class Model : Module
    {
        private readonly Linear recurrence;

        // A rotation with a little growth, 1.3 at each step.
        public Model() => recurrence = Register("recurrence", new Linear(
            Tensor.From(
                new double[,] { { 0, -1.3, 0, 0 }, { 1.3, 0, 0, 0 }, { 0, 0, 0, -1.3 }, { 0, 0, 1.3, 0 } }, DType.Float64),
            bias: null));

        public Tensor Loss(Tensor state)
        {
            using ModuleScope scope = Enter();
            for (int i = 0; i < Length; i++)
                state = recurrence.Forward(state);
            return (state * state).Mean();
        }
    }
}
