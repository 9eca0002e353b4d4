using System.Globalization;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;

namespace Browser.Tests;

/// <summary>Recordings to look at: small ones whose numbers are known, and a large one for speed.</summary>
internal static class TrialRecordings
{
    /// <summary>A word that would run a script, were it ever parsed as HTML.</summary>
    public const string HostileWord = "<img src=x onerror=\"document.title='broken'\">";

    private static readonly Lazy<Recording> AttentionRecording = new(RecordAttention);
    private static readonly Lazy<Recording> TranslationRecording = new(RecordTranslation);
    private static readonly Lazy<Recording> ThousandRecording = new(RecordThousand);

    /// <summary>Self-attention of two heads over three tokens, composed from small operations, and a loss.</summary>
    public static Recording Attention() => AttentionRecording.Value;

    /// <summary>One step of a small translation model, two sentences, one of them with padding.</summary>
    public static Recording Translation() => TranslationRecording.Value;

    /// <summary>A thousand operations in fifty modules, forwards and backwards.</summary>
    public static Recording Thousand() => ThousandRecording.Value;

    private static Recording RecordAttention()
    {
        MultiHeadAttention attention = new(4, 2, 0, new RandomStreams(3), DType.Float64) { Composed = true };
        using Recorder recorder = new();
        recorder.AddWords("source", [["the", HostileWord, "sleeps"]]);
        Tensor x = Tensor.From([1, 0, 0.5, -1, 0, 1, -0.5, 0.5, 1, 1, 0, -0.5], [1, 3, 4], DType.Float64).AsLeaf().Named("x");
        Tensor y = attention.Forward(x, x, x, mask: null, causal: true);
        Tensor loss = (y * y).Mean();
        loss.Backward();
        return recorder.ToRecording();
    }

    private static Recording RecordTranslation()
    {
        TransformerModel model = Model();
        using Recorder recorder = new();
        recorder.AddWords("source", [["ein", "kleiner", "Hund", "schläft", "<eos>"], ["die", "Katze", "<eos>", "<pad>", "<pad>"]]);
        recorder.AddWords("target", [["<bos>", "a", "small", "dog", "sleeps"], ["<bos>", "the", "cat", "<pad>", "<pad>"]]);
        Tensor logits = model.Forward(
            new Indices([4, 5, 6, 7, 2, 8, 9, 2, 0, 0], [2, 5]), new Indices([1, 4, 5, 6, 7, 1, 8, 9, 0, 0], [2, 5]));
        Tensor loss = logits.CrossEntropy(new Indices([4, 5, 6, 7, 2, 8, 9, 2, 0, 0], [2, 5]), 0.1, 0);
        loss.Backward();
        return recorder.ToRecording();
    }

    private static Recording RecordThousand()
    {
        using Recorder recorder = new();
        Tensor x = Tensor.From([0.5, -0.25, 0.125, 1], [2, 2], DType.Float64).AsLeaf().Named("x");
        Tensor y = x;
        for (int layer = 0; layer < 50; layer++)
        {
            using ModuleScope scope = recorder.EnterModule(string.Create(CultureInfo.InvariantCulture, $"stack.layers.{layer}"), "Stack");
            for (int i = 0; i < 10; i++)
                y = y.Tanh() + x;
        }

        y.Sum().Backward();
        return recorder.ToRecording();
    }

    private static TransformerModel Model() => new(
        new TransformerConfiguration
        {
            SourceVocabularySize = 12,
            TargetVocabularySize = 12,
            ModelSize = 16,
            HeadCount = 2,
            FeedForwardSize = 32,
            EncoderLayerCount = 2,
            DecoderLayerCount = 2,
            DropoutRate = 0.1,
            MaximumLength = 16,
        },
        new RandomStreams(5));
}
