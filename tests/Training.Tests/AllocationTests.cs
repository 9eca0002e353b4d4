using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training;
using Xunit;
using Xunit.Abstractions;

namespace Training.Tests;

public class AllocationTests(ITestOutputHelper output)
{
    [Fact]
    public void A_steady_step_allocates_far_less_than_its_data()
    {
        TransformerConfiguration configuration = Toy.Configuration with
        {
            ModelSize = 64,
            HeadCount = 4,
            FeedForwardSize = 128,
            EncoderLayerCount = 2,
            DecoderLayerCount = 2,
            DropoutRate = 0.1,
            DType = DType.Float32,
        };
        List<long> allocated = [];
        ToyRun run = new(new TrainerOptions { Epochs = 3 }, batchSize: 32, pairCount: 320, validationCount: 0, configuration: configuration);
        long before = GC.GetAllocatedBytesForCurrentThread();
        run.Trainer.Run(new Listener(report =>
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (report is StepProgress)
                allocated.Add(now - before);
            before = GC.GetAllocatedBytesForCurrentThread();
        }));
        long[] steady = [.. allocated.TakeLast(9).Order()];
        output.WriteLine($"allocated by a step: {steady[4] / 1024.0:F0} kB (the first: {allocated[0] / 1024.0:F0} kB)");
        Assert.True(steady[4] < 1_000_000, $"{steady[4]} bytes a step");
    }
}
