using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Training.Data;
using Transformer.Training.Optimizers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>A translator whose decoder reads the very tokens that it is asked for.</summary>
internal static class UnshiftedTarget
{
    private const int VocabularySize = 14;
    private const int Length = 5;
    private const int BatchSize = 16;
    private const int Steps = 60;

    public static PlantedBug Bug { get; } = new(
        "unshifted-target",
        "A translator with a perfect loss and no translation",
        """
        A small Transformer learns to write a row of digits backwards. After 60 steps its loss is almost 0, as if it could do it; but
        on its own, without the target to read, what it writes is worthless.
        """,
        [
            new("goto end", "both passes are over"),
            new("print loss", "almost 0 after 60 steps"),
            new("print target_embedding.weight.grad[1, :]", "token 1 is <bos>, with which every target begins: no gradient at all"),
            new("why target_embedding.weight.grad[1, 0]", "because nobody looked it up: what does the decoder read, then?"),
            new("explain #36[0, 0, 0]", "at the first place token 7"),
            new("explain #96.grad[0, 0, 7]", "and what is it asked for there? Token 7, whose share q is 1"),
            new("source #36", "the line that chose what it reads"),
        ],
        """
        With teacher forcing the decoder reads the target shifted right by one, so that at each place it knows the tokens before.
        Here it read the target itself. The right line:
          Tensor logits = model.Forward(source, shifted);
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(4);
        TransformerModel model = new(Configuration, streams) { Composed = true };
        Adam optimizer = new([.. model.Parameters()], learningRate: 3e-3);
        for (uint step = 1; step <= Steps; step++)
        {
            using Step memory = new();
            streams.Step = step;
            model.ZeroGradients();
            Loss(model, streams, healthy).Backward();
            optimizer.Step();
        }

        using Recorder recorder = new();
        streams.Step++;
        model.ZeroGradients();
        Loss(model, streams, healthy).Named("loss").Backward();
        return recorder.ToRecording();
    }

    private static TransformerConfiguration Configuration => new()
    {
        SourceVocabularySize = VocabularySize,
        TargetVocabularySize = VocabularySize,
        ModelSize = 32,
        HeadCount = 2,
        FeedForwardSize = 32,
        EncoderLayerCount = 1,
        DecoderLayerCount = 1,
        DropoutRate = 0,
        TiedOutput = false,
        MaximumLength = Length,
    };

    private static Tensor Loss(TransformerModel model, RandomStreams streams, bool healthy)
    {
        // Tokens 4 to 13 stand for the ten digits; those below are <pad> <bos> <eos> <unk>.
        Tensor uniform = Tensor.Uniform([BatchSize, Length], streams.Key(1000), 4, VocabularySize);
        int[] digits = [.. uniform.ToDoubles().Select(value => (int)value)];
        int[] backwards = [.. digits.Chunk(Length).SelectMany(row => row.Reverse())];
        int[] later = [.. backwards.Chunk(Length).SelectMany(row => row[..^1].Prepend(Vocabulary.Begin))];
        Indices source = new(digits, [BatchSize, Length]);
        Indices target = new(backwards, [BatchSize, Length]);
        Indices shifted = new(later, [BatchSize, Length]);

        Tensor logits;
        if (healthy)
            logits = model.Forward(source, shifted);
        else // planted
            logits = model.Forward(source, target);
        return logits.CrossEntropy(target);
    }
}
