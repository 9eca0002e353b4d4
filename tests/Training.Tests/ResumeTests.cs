using Training.Tests.Data;
using Transformer.Autograd;
using Transformer.Autograd.Files;
using Transformer.Kernels;
using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Checkpoints;
using Transformer.Training.Optimizers;
using Xunit;

namespace Training.Tests;

public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string CheckpointFile => folder["checkpoint.safetensors"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void A_run_that_is_cancelled_at_any_step_and_resumed_ends_in_the_same_bits(DType dtype)
    {
        // 11 batches, 2 a step: 6 steps an epoch, the last of one batch.
        ToyRun whole = NewRun(dtype);
        Listener wholeReports = new();
        Assert.Equal(TrainingEnd.Finished, whole.Trainer.Run(wholeReports));
        Assert.Equal(12, whole.Trainer.Position.Step);
        for (int stop = 1; stop <= 12; stop++)
        {
            using CancellationTokenSource source = new();
            ToyRun first = NewRun(dtype);
            first.SaveTo(CheckpointFile);
            Listener firstReports = new(report => { if (report is StepProgress step && step.Step == stop) source.Cancel(); });
            Assert.Equal(TrainingEnd.Cancelled, first.Trainer.Run(firstReports, source.Token));
            Assert.Equal(stop, first.Trainer.Position.Step);

            ToyRun second = NewRun(dtype);
            second.LoadFrom(CheckpointFile);
            Assert.Equal(stop, second.Trainer.Position.Step);
            Listener secondReports = new();
            Assert.Equal(TrainingEnd.Finished, second.Trainer.Run(secondReports));

            Assert.Equal(whole.Sha256, second.Sha256);
            Assert.Equal(Timeless(whole.Trainer.Position), Timeless(second.Trainer.Position));
            Assert.Equal(wholeReports.Steps.Select(Numbers), firstReports.Steps.Concat(secondReports.Steps).Select(Numbers));
            Assert.Equal(wholeReports.Epochs.Select(Numbers), firstReports.Epochs.Concat(secondReports.Epochs).Select(Numbers));
        }
    }

    [Fact]
    public void A_run_that_is_killed_goes_on_from_its_last_saved_step_to_the_same_bits()
    {
        ToyRun whole = NewRun(DType.Float32);
        whole.Trainer.Run();
        for (int kill = 5; kill <= 11; kill += 2)
        {
            // SaveSteps is 4: step 4 is within the first epoch, 6 is its end, 8 within the second.
            ToyRun first = NewRun(DType.Float32);
            first.SaveTo(CheckpointFile);
            Listener killer = new(report => { if (report is StepProgress step && step.Step == kill) throw new KilledException(); });
            Assert.Throws<KilledException>(() => first.Trainer.Run(killer));
            ToyRun second = NewRun(DType.Float32);
            second.LoadFrom(CheckpointFile);
            Assert.Equal(kill switch { < 6 => 4, < 8 => 6, _ => 8 }, second.Trainer.Position.Step);
            second.Trainer.Run();
            Assert.Equal(whole.Sha256, second.Sha256);
        }
    }

    [Fact]
    public void One_thread_or_two_an_interruption_or_none_the_bits_are_the_same()
    {
        TransformerConfiguration wide = Toy.Configuration with
        { ModelSize = 64, FeedForwardSize = 256, HeadCount = 4, DropoutRate = 0.1, DType = DType.Float32 };
        TrainerOptions options = new() { Epochs = 1, BatchesPerStep = 2 };
        ToyRun New() => new(options, batchSize: 32, pairCount: 320, configuration: wide);
        int before = Execution.ThreadCount;
        try
        {
            Execution.ThreadCount = 1;
            ToyRun one = New();
            one.Trainer.Run();
            using CancellationTokenSource source = new();
            ToyRun stopped = New();
            stopped.SaveTo(CheckpointFile);
            stopped.Trainer.Run(new Listener(report => { if (report is StepProgress { Step: 2 }) source.Cancel(); }), source.Token);

            Execution.ThreadCount = 2;
            ToyRun two = New();
            two.Trainer.Run();
            ToyRun resumed = New();
            resumed.LoadFrom(CheckpointFile);
            resumed.Trainer.Run();
            Assert.Equal(5, resumed.Trainer.Position.Step);
            Assert.Equal(one.Sha256, two.Sha256);
            Assert.Equal(one.Sha256, resumed.Sha256);
        }
        finally
        {
            Execution.ThreadCount = before;
        }
    }

    [Fact]
    public void Reports_after_an_epoch_whose_last_step_was_the_last_of_an_earlier_run_take_no_training_time()
    {
        using CancellationTokenSource source = new();
        ToyRun first = NewRun(DType.Float32);
        first.SaveTo(CheckpointFile);
        first.Trainer.Run(new Listener(report => { if (report is StepProgress { Step: 6 }) source.Cancel(); }), source.Token);
        ToyRun second = NewRun(DType.Float32);
        second.LoadFrom(CheckpointFile);
        double before = second.Trainer.Position.TrainSeconds;
        TimeSpan pause = TimeSpan.FromSeconds(2);
        long began = System.Diagnostics.Stopwatch.GetTimestamp();

        second.Trainer.Run(new Listener(report => { if (report is EpochProgress { Epoch: 1 }) Thread.Sleep(pause); }));

        double elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds;
        Assert.InRange(second.Trainer.Position.TrainSeconds - before, 0, elapsed - pause.TotalSeconds);
    }

    [Fact]
    public void The_epoch_of_a_resumed_run_lasted_as_long_as_its_parts_together()
    {
        using CancellationTokenSource source = new();
        ToyRun first = NewRun(DType.Float32);
        first.SaveTo(CheckpointFile);
        first.Trainer.Run(new Listener(report => { if (report is StepProgress { Step: 4 }) source.Cancel(); }), source.Token);
        ToyRun second = NewRun(DType.Float32);
        second.LoadFrom(CheckpointFile);
        Listener reports = new();
        second.Trainer.Run(reports);
        EpochProgress epoch = reports.Epochs[0];
        Assert.Equal(epoch.TrainSeconds, epoch.Seconds, 1e-9);
        Assert.Equal(second.Trainer.Position.TrainSeconds, reports.Epochs.Sum(report => report.Seconds), 1e-9);
        // 42 pairs, each with its words and an eos.
        Assert.Equal(Toy.Pairs(42, 1).Sum(pair => pair.Target.Length) / epoch.Seconds, epoch.TargetTokensPerSecond, 1e-6 * epoch.TargetTokensPerSecond);
    }

    [Fact]
    public void Another_setting_is_refused_by_its_name_and_nothing_is_changed()
    {
        ToyRun first = NewRun(DType.Float32);
        TrainingCheckpoint.Save(CheckpointFile, first.Model, first.Optimizer, new TrainingPosition { Step = 3 }, new TrainingHistory(), Settings(("seed", "1"), ("batch", "4")));
        foreach ((string name, Dictionary<string, string> settings) in new[]
        {
            ("seed", Settings(("seed", "2"), ("batch", "4"))), ("batch", Settings(("seed", "1"))), ("dropout", Settings(("seed", "1"), ("batch", "4"), ("dropout", "0"))),
        })
        {
            ToyRun other = NewRun(DType.Float32);
            AssertRefused(other, settings, $"another {name} (");
        }
    }

    [Fact]
    public void A_checkpoint_of_a_deeper_model_is_refused_for_what_has_no_place()
    {
        ToyRun deep = new(new TrainerOptions(), configuration: Toy.Configuration with { DecoderLayerCount = 2 });
        TrainingCheckpoint.Save(CheckpointFile, deep.Model, deep.Optimizer, new TrainingPosition(), new TrainingHistory(), Settings());
        AssertRefused(NewRun(DType.Float64), Settings(), "decoder.layers.1.");
    }

    [Fact]
    public void A_checkpoint_of_another_shape_type_or_optimizer_is_refused()
    {
        ToyRun run = NewRun(DType.Float64);
        TrainingCheckpoint.Save(CheckpointFile, run.Model, run.Optimizer, new TrainingPosition(), new TrainingHistory(), Settings());
        AssertRefused(NewRun(DType.Float32), Settings(), "Float64");
        AssertRefused(new ToyRun(new TrainerOptions(), configuration: Toy.Configuration with { FeedForwardSize = 48 }), Settings(), "linear1.weight");
        AssertRefused(new ToyRun(new TrainerOptions(), optimizer: parameters => new GradientDescent(parameters, 0)), Settings(), "training.");
    }

    [Fact]
    public void A_damaged_or_shortened_checkpoint_is_refused_and_nothing_is_changed()
    {
        ToyRun run = NewRun(DType.Float32);
        TrainingCheckpoint.Save(CheckpointFile, run.Model, run.Optimizer, new TrainingPosition(), new TrainingHistory(), Settings());
        byte[] whole = File.ReadAllBytes(CheckpointFile);
        Random random = new(4);
        for (int i = 0; i < 40; i++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(CheckpointFile, i % 2 == 0 ? damaged : whole[..random.Next(whole.Length)]);
            AssertRefused(NewRun(DType.Float32), Settings(), CheckpointFile);
        }
    }

    [Fact]
    public void A_model_file_is_no_checkpoint()
    {
        ToyRun run = NewRun(DType.Float32);
        SafetensorsFile.Write(CheckpointFile, ModelTensors.Entries(run.Model), Settings());
        AssertRefused(NewRun(DType.Float32), Settings(), "no training checkpoint");
    }

    private static ToyRun NewRun(DType dtype) => new(
        new TrainerOptions { Epochs = 2, BatchesPerStep = 2, SaveSteps = 4 },
        configuration: Toy.Configuration with { DType = dtype, DropoutRate = 0.1 });

    private static Dictionary<string, string> Settings(params (string Name, string Value)[] settings) =>
        settings.ToDictionary(setting => setting.Name, setting => setting.Value);

    private static TrainingPosition Timeless(TrainingPosition position) => position with { TrainSeconds = 0 };

    private static string Numbers(StepProgress step) =>
        $"{step.Epoch} {step.Batch} {step.BatchCount} {step.Step} {step.Loss:R} {step.LearningRate:R} {step.GradientNorm:R}";

    private static string Numbers(EpochProgress epoch) =>
        $"{epoch.Epoch} {epoch.Step} {epoch.TrainLoss:R} {epoch.ValidationLoss:R} {epoch.ValidationPerplexity:R} {epoch.IsBest}";

    private void AssertRefused(ToyRun run, Dictionary<string, string> settings, string reason)
    {
        string before = run.Sha256;
        TensorFileException error = Assert.Throws<TensorFileException>(
            () => TrainingCheckpoint.Load(CheckpointFile, run.Model, run.Optimizer, settings));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(CheckpointFile, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, run.Sha256);
        Assert.Equal(0, run.Optimizer.StepCount);
        Assert.All(run.Optimizer.State, state => Assert.All(state.Value.ToDoubles(), value => Assert.Equal(0, value)));
    }

    private sealed class KilledException : Exception;
}
