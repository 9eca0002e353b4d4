using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Training.Data;
using Transformer.Training.Data.BuiltIn;
using Transformer.Training.Losses;

namespace Transformer.Samples.BackpropDebugger.Cases;

/// <summary>The first training step of the translator that <c>samples/Translate</c> trains without arguments, on a few short sentences.</summary>
internal static class TranslationCase
{
    private const ulong Seed = 1;
    private const int SentenceCount = 4;
    private const int CorpusPairs = 1000;

    private const string Text =
        """
        One training step of the built-in German-English translator: a batch of four sentence pairs, forward pass, backward pass.
        Two encoder and two decoder layers of size 128 with four heads, dropout 0.1, label smoothing 0.1; attention is composed
        from small operations, so that each can be watched.

        Places to look at:
          modules                                     the model's parts; into and out walk through them
          break module decoder.layers.0.multihead_attn  then continue: the decoder looks at the source sentence
          break parameter encoder.layers.0.linear1.weight
          gradients                                   which parameters get how much
          why loss                                    which words cost most
        """;

    public static Case Case { get; } = new("translation", "One training step of the built-in translator", Text, [], Record);

    public static Recording Record()
    {
        IReadOnlyList<AlignedPair> pairs = BuiltInCorpus.Create(Seed, CorpusPairs).Training;
        TextEncoder source = Encoder(pairs.Select(pair => pair.Source));
        TextEncoder target = Encoder(pairs.Select(pair => pair.Target));
        EncodedCorpus corpus = EncodedCorpus.Encode(
            [.. pairs.Select(pair => new SentencePair(pair.Source, pair.Target))], source, target, maximumLength: 100);
        Batch batch = new Batcher(corpus.Pairs, BatchLimit.Sentences(SentenceCount), Seed).Epoch(1).First();
        TransformerModel model = new(Configuration(source.Vocabulary, target.Vocabulary), new RandomStreams(Seed) { Step = 1 });
        foreach (MultiHeadAttention attention in model.Modules().OfType<MultiHeadAttention>())
            attention.Composed = true;

        using Recorder recorder = new();
        recorder.AddFact("title", "the first training step of the built-in translator");
        recorder.AddFact("seed", "1");
        recorder.AddFact("step", "1");
        recorder.AddWords("source", Words(batch.Source, batch.SourceLength, source.Vocabulary));
        recorder.AddWords("target", Words(batch.TargetInput, batch.TargetLength, target.Vocabulary));
        Tensor loss = TranslationLoss.OfPadded(model, batch, labelSmoothing: 0.1).Named("loss");
        loss.Backward();
        return recorder.ToRecording();
    }

    // As samples/Translate/Commands/BuiltInCommand.cs has it.
    private static TransformerConfiguration Configuration(Vocabulary source, Vocabulary target) => new()
    {
        SourceVocabularySize = source.Count,
        TargetVocabularySize = target.Count,
        ModelSize = 128,
        HeadCount = 4,
        FeedForwardSize = 256,
        EncoderLayerCount = 2,
        DecoderLayerCount = 2,
        DropoutRate = 0.1,
        TiedOutput = false,
    };

    private static TextEncoder Encoder(IEnumerable<string> lines)
    {
        WordTokenizer tokenizer = new(lowerCase: false);
        return new TextEncoder(tokenizer, tokenizer.BuildVocabulary(lines, minimumFrequency: 1));
    }

    private static IReadOnlyList<IReadOnlyList<string>> Words(int[] tokens, int length, Vocabulary vocabulary) =>
        [.. tokens.Chunk(length).Select(row => (IReadOnlyList<string>)[.. row.Select(token => vocabulary[token])])];
}
