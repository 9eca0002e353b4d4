using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>A padding mask that is computed and then not used.</summary>
internal static class IgnoredMask
{
    private const int VocabularySize = 8;
    private const int ModelSize = 8;
    private const int Padding = 0;

    // Two sentences, the second filled up with padding.
    private static readonly Indices Tokens = new([5, 3, 7, 2, 6, 4, Padding, Padding], [2, 4]);

    public static PlantedBug Bug { get; } = new(
        "mask-ignored",
        "A sentence whose result depends on its padding",
        """
        Self-attention over two sentences, the second of two words filled up to four. The result for a short sentence changes with
        the length of the longest one in its batch.
        """,
        [
            new("break kind Softmax", "to see the weights as they are made"),
            new("continue", "stops there"),
            new("print weights[1, :, :]", "the last two columns are padding, and they are not 0"),
            new("break kind Where", "there is a mask in the program: where is it applied?"),
            new("reverse-continue", "back to the operation that applies it"),
            new("print #5[1, :, :]", "minus infinity where it should be: the mask itself is right"),
            new("why #5.grad[1, 0, 0]", "nobody reads this result: it is unused"),
            new("source", "the line"),
        ],
        """
        MaskedFill returns a new tensor and leaves the scores as they are; the program dropped what it returned. The right line:
          scores = scores.MaskedFill(mask, double.NegativeInfinity);
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(2);
        Embedding embedding = new(VocabularySize, ModelSize, Padding, streams, DType.Float64);
        Tensor positions = Tensor.Normal([4, ModelSize], streams.NextInitialKey(), deviation: 0.3, dtype: DType.Float64).Named("positions");
        Tensor wanted = Tensor.Normal([2, 4, ModelSize], streams.NextInitialKey(), dtype: DType.Float64).Named("wanted");
        Mask isWord = Mask.Padding(Tokens, Padding);
        Mask mask = new(isWord.Values, [2, 1, 4]);

        using Recorder recorder = new();
        recorder.AddWords("source", [["a", "dog", "barks", "."], ["who", "barks", "<pad>", "<pad>"]]);
        Tensor x = embedding.Forward(Tokens) + positions;
        Tensor scores = x.MatMul(x, transposeOther: true) / Math.Sqrt(ModelSize);
        if (healthy)
            scores = scores.MaskedFill(mask, double.NegativeInfinity);
        else // planted
            scores.MaskedFill(mask, double.NegativeInfinity);
        Tensor weights = scores.Softmax().Named("weights");
        Tensor error = weights.MatMul(x) - wanted;
        Tensor loss = (error * error).Mean().Named("loss");
        loss.Backward();
        return recorder.ToRecording();
    }
}
