using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Data;
using Transformer.Training.Optimizers;
using Transformer.Training.Schedules;

namespace Transformer.Samples.Translate.Running;

/// <summary>
/// Takes one training step of a small model while the text is read, so that the runtime compiles the code of a step on
/// a second core before the run needs it. Nothing of that step is kept.
/// </summary>
internal static class WarmUp
{
    private const int Words = 500;
    private const int Length = 12;
    private const double LearningRate = 1e-3;

    // Large enough that the kernels share their work out among threads, as they will in the run.
    private const int Sentences = 64;
    private const int ModelSize = 128;
    private const int HeadCount = 4;
    private const int FeedForwardSize = 256;

    /// <summary>Begins, and returns at once.</summary>
    /// <param name="settings">Of the run: its precision, dropout and label smoothing choose the code.</param>
    public static void Begin(RunSettings settings)
    {
        // One core has enough to do.
        if (Environment.ProcessorCount > 1)
            new Thread(() => TakeStep(settings)) { IsBackground = true, Name = "Warm-up" }.Start();
    }

    private static void TakeStep(RunSettings settings)
    {
        RandomStreams streams = new(settings.Seed);
        RunSettings small = settings with
        {
            LayerCount = 1,
            ModelSize = ModelSize,
            HeadCount = HeadCount,
            FeedForwardSize = FeedForwardSize,
        };
        TransformerModel model = new(small.Configuration(Words, Words), streams);
        Adam optimizer = new([.. model.Parameters()], LearningRate, RunSettings.Adam);
        int[] sentence = [.. Enumerable.Range(Words - Length, Length)];
        EncodedPair[] pairs = [.. Enumerable.Repeat(new EncodedPair(sentence, sentence), Sentences)];
        Batcher batches = new(pairs, BatchLimit.Sentences(Sentences), settings.Seed);
        TrainerOptions options = new()
        {
            Epochs = 1,
            LabelSmoothing = settings.LabelSmoothing,
            LargestGradientNorm = RunSettings.LargestGradientNorm,
        };
        InverseSquareRootSchedule schedule = new(LearningRate, settings.WarmUp);
        new Trainer(model, optimizer, schedule, batches, validation: null, streams, options).Run();
    }
}
