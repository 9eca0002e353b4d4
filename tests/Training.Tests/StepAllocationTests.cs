using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Data;
using Transformer.Training.Losses;
using Transformer.Training.Optimizers;
using Xunit;

namespace Training.Tests;

/// <summary>What a steady training step leaves to the garbage collector: the nodes of its graph, and no numbers.</summary>
public class StepAllocationTests
{
    [Fact]
    public void A_steady_step_allocates_less_than_64_KB_whatever_its_sizes()
    {
        long small = BytesOfOneStep(modelSize: 16, batchSize: 3, length: 5);
        long large = BytesOfOneStep(modelSize: 64, batchSize: 40, length: 30);
        Assert.InRange(small, 0, 64 * 1024);
        Assert.InRange(large, 0, 64 * 1024);
        Assert.True(Math.Abs(large - small) < 4096, $"{small} bytes in a small step, {large} in a large one");
    }

    // The least of a few: the first ones compile and fill what is kept.
    private static long BytesOfOneStep(int modelSize, int batchSize, int length)
    {
        RandomStreams streams = new(7);
        TransformerModel model = new(
            new TransformerConfiguration
            {
                SourceVocabularySize = 50,
                TargetVocabularySize = 60,
                ModelSize = modelSize,
                HeadCount = 4,
                FeedForwardSize = 2 * modelSize,
                EncoderLayerCount = 3,
                DecoderLayerCount = 3,
            },
            streams);
        model.Train();
        Parameter[] parameters = [.. model.Parameters()];
        Adam adam = new(parameters, 1e-3);
        EncodedPair[] pairs = [.. Enumerable.Range(0, batchSize).Select(_ => new EncodedPair(Sentence(length), Sentence(length - 1)))];
        Batch batch = new(pairs, [.. Enumerable.Range(0, batchSize)]);
        long least = long.MaxValue;
        for (int i = 0; i < 6; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (Parameter parameter in parameters)
                parameter.ZeroGradient();
            using (new Step())
                TranslationLoss.Of(model, batch, 0.1).Backward();
            adam.Step(GradientClipping.Scale(GradientClipping.GlobalNorm(parameters), 1));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;

        static int[] Sentence(int length) => [.. Enumerable.Range(0, length).Select(i => 4 + (i * 7 % 40))];
    }
}
