using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>A softmax of one's own, exp(x) / Σ exp(x), without subtracting the maximum.</summary>
internal static class SoftmaxOverflow
{
    private const int Pixels = 16;
    private const int ClassCount = 4;
    private const int Samples = 6;

    public static PlantedBug Bug { get; } = new(
        "softmax-overflow",
        "A loss that is not a number",
        """
        A classifier of small pictures with grey values from 0 to 255. In single precision its loss is NaN from the first step on, and
        so is every gradient.
        """,
        [
            new("print loss", "NaN"),
            new("why nan", "the first operation that made a number that is not finite: overflow in exp"),
            new("break nan", "to go there"),
            new("continue", "stops behind the Exp"),
            new("stats logits", "its inputs go beyond 88.7, where exp leaves the range of single precision"),
            new("source", "the line"),
        ],
        """
        exp of a large number is infinite, and infinity by infinity is NaN. Softmax does not change when the same number is subtracted
        from each of a row; with the maximum subtracted nothing can overflow. The right line:
          Tensor exponentials = (logits - logits.Max([-1], keepAxes: true)).Exp();
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(9);
        Tensor pictures = Tensor.Uniform([Samples, Pixels], streams.NextInitialKey(), 0, 100).Named("pictures");
        Tensor isClass = Tensor.Zeros([Samples, ClassCount]).Named("isClass");
        for (int i = 0; i < Samples; i++)
            isClass[i, i % ClassCount] = 1;
        Classifier classifier = new(streams);

        using Recorder recorder = new();
        Tensor logits = classifier.Output.Forward(pictures).Named("logits");
        Tensor exponentials;
        if (healthy)
            exponentials = (logits - logits.Max([-1], keepAxes: true)).Exp();
        else // planted
            exponentials = logits.Exp();
        Tensor probabilities = (exponentials / exponentials.Sum([-1], keepAxes: true)).Named("probabilities");
        Tensor likelihoods = (probabilities * isClass).Sum(-1).Named("likelihoods");
        Tensor loss = (-(likelihoods + 1e-6).Log()).Mean().Named("loss");
        loss.Backward();
        return recorder.ToRecording();
    }

    private sealed class Classifier : Module
    {
        public Classifier(RandomStreams streams) => Output = Register("output", new Linear(Pixels, ClassCount, streams));

        public Linear Output { get; }
    }
}
