using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Data;
using Transformer.Training.Data.BuiltIn;
using Transformer.Training.Optimizers;
using Transformer.Training.Schedules;
using Xunit;
using Xunit.Abstractions;

namespace Training.Tests;

public class TrainerTests(ITestOutputHelper output)
{
    [Fact]
    public void A_tiny_model_learns_a_hundred_pairs_by_heart()
    {
        SentencePair[] pairs = [.. BuiltInCorpus.Create().Training.Take(100).Select(pair => new SentencePair(pair.Source, pair.Target))];
        WordTokenizer words = new(lowerCase: false);
        TextEncoder source = new(words, words.BuildVocabulary(pairs.Select(pair => pair.Source), 1));
        TextEncoder target = new(words, words.BuildVocabulary(pairs.Select(pair => pair.Target), 1));
        EncodedCorpus corpus = EncodedCorpus.Encode(pairs, source, target, 64);
        RandomStreams random = new(1);
        TransformerModel model = new(
            new TransformerConfiguration
            {
                SourceVocabularySize = source.Vocabulary.Count,
                TargetVocabularySize = target.Vocabulary.Count,
                ModelSize = 64,
                HeadCount = 4,
                FeedForwardSize = 128,
                EncoderLayerCount = 2,
                DecoderLayerCount = 2,
                DropoutRate = 0,
            },
            random);
        Adam adam = new([.. model.Parameters()], 0, AdamOptions.Paper);
        Trainer trainer = new(
            model, adam, new InverseSquareRootSchedule(3e-3, 40), new Batcher(corpus.Pairs, BatchLimit.Sentences(25), 1), null, random,
            new TrainerOptions { Epochs = 60 });
        Assert.Equal(TrainingEnd.Finished, trainer.Run());
        IReadOnlyList<string> translations = new Translator(model, source, target).Translate([.. pairs.Select(pair => pair.Source)]);
        int right = translations.Zip(pairs).Count(both => both.First == both.Second.Target);
        output.WriteLine($"{right} of {pairs.Length} by heart, {trainer.Position.TrainSeconds:F1} s");
        Assert.True(right >= 98, $"{right} of {pairs.Length}");
    }
}
