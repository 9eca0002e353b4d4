using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Data;
using Transformer.Training.Optimizers;
using Transformer.Training.Schedules;
using Xunit;

namespace Training.Tests;

/// <summary>When a run ends, and what it reports and saves on the way.</summary>
public class TrainerEndTests
{
    [Fact]
    public void A_validation_loss_that_stops_falling_ends_the_run_after_the_patience()
    {
        // A rate of 0: every validation gives the first one's loss. Epoch 1 is the best, 2 and 3 use up the patience.
        ToyRun run = Still(new TrainerOptions { Epochs = 9, Patience = 2 });
        int best = 0;
        run.Trainer.SaveBest = () => best++;
        Listener reports = new();
        Assert.Equal(TrainingEnd.EarlyStopping, run.Trainer.Run(reports));
        Assert.Equal([true, false, false], reports.Epochs.Select(epoch => epoch.IsBest));
        Assert.Equal(1, best);
        Assert.Equal(2, run.Trainer.Position.EpochsWithoutGain);

        ToyRun resumed = Still(new TrainerOptions { Epochs = 9, Patience = 2 });
        resumed.Trainer.Position = run.Trainer.Position;
        Assert.Equal(TrainingEnd.EarlyStopping, resumed.Trainer.Run());
        Assert.Equal(run.Trainer.Position.Step, resumed.Trainer.Position.Step);
    }

    [Fact]
    public void Patience_counts_on_after_a_resume()
    {
        ToyRun first = Still(new TrainerOptions { Epochs = 2, Patience = 3 });
        first.Trainer.Run();
        ToyRun second = Still(new TrainerOptions { Epochs = 9, Patience = 3 });
        second.Trainer.Position = first.Trainer.Position;
        Listener reports = new();
        Assert.Equal(TrainingEnd.EarlyStopping, second.Trainer.Run(reports));
        Assert.Equal([3, 4], reports.Epochs.Select(epoch => epoch.Epoch));
        Assert.All(reports.Epochs, epoch => Assert.False(epoch.IsBest));
    }

    [Fact]
    public void Without_validation_every_epoch_is_the_best_so_far()
    {
        ToyRun run = new(new TrainerOptions { Epochs = 3, Patience = 1 }, validationCount: 0);
        int best = 0;
        run.Trainer.SaveBest = () => best++;
        Assert.Equal(TrainingEnd.Finished, run.Trainer.Run());
        Assert.Equal(3, best);
        Assert.Null(run.Trainer.Validate());
    }

    [Fact]
    public void The_time_limit_ends_the_run_after_the_step_under_way()
    {
        ToyRun run = new(new TrainerOptions { Epochs = 5, TimeLimit = TimeSpan.FromTicks(1) });
        (int best, int saved) = (0, 0);
        run.Trainer.SaveBest = () => best++;
        run.Trainer.SaveCheckpoint = () => saved++;
        Listener reports = new();
        Assert.Equal(TrainingEnd.TimeLimit, run.Trainer.Run(reports));
        Assert.Equal((1L, 1, 1), (run.Trainer.Position.Step, run.Trainer.Position.Epoch, run.Trainer.Position.Batch));
        Assert.Equal((1, 1), (best, saved));
        EpochProgress report = Assert.Single(reports.Epochs);
        Assert.NotNull(report.ValidationLoss);
        Assert.True(report.Seconds > 0 && report.TargetTokensPerSecond > 0);
    }

    [Fact]
    public void No_step_starts_after_the_time_limit_at_an_epochs_end_or_after_a_resume()
    {
        // One batch an epoch.
        TrainerOptions options = new() { Epochs = 5, TimeLimit = TimeSpan.FromTicks(1) };
        ToyRun run = new(options, batchSize: 100);
        Assert.Equal(TrainingEnd.TimeLimit, run.Trainer.Run());
        Assert.Equal((1L, 2), (run.Trainer.Position.Step, run.Trainer.Position.Epoch));
        ToyRun resumed = new(options, batchSize: 100);
        resumed.Trainer.Position = run.Trainer.Position;
        Assert.Equal(TrainingEnd.TimeLimit, resumed.Trainer.Run());
        Assert.Equal(1, resumed.Trainer.Position.Step);
    }

    [Fact]
    public void A_time_limited_run_that_goes_on_ends_in_the_same_bits()
    {
        ToyRun whole = new(new TrainerOptions { Epochs = 2 });
        whole.Trainer.Run();
        ToyRun run = new(new TrainerOptions { Epochs = 2, TimeLimit = TimeSpan.FromTicks(1) });
        run.Trainer.Run();
        ToyRun onward = new(new TrainerOptions { Epochs = 2 });
        foreach ((Parameter to, Parameter from) in onward.Model.Parameters().Zip(run.Model.Parameters()))
            to.CopyFrom(from);
        foreach (((string _, Tensor to), (string _, Tensor from)) in onward.Optimizer.State.Zip(run.Optimizer.State))
            to.CopyFrom(from);
        onward.Optimizer.StepCount = run.Optimizer.StepCount;
        onward.Trainer.Position = run.Trainer.Position;
        onward.Trainer.Run();
        Assert.Equal(whole.Sha256, onward.Sha256);
    }

    [Fact]
    public void An_epoch_that_the_time_limit_cut_short_does_not_use_up_patience()
    {
        ToyRun run = Still(new TrainerOptions { Epochs = 9, Patience = 2, TimeLimit = TimeSpan.FromTicks(1) });
        run.Trainer.Position = new TrainingPosition { Epoch = 3, BestValidationLoss = 0, EpochsWithoutGain = 1 };
        Assert.Equal(TrainingEnd.TimeLimit, run.Trainer.Run());
        Assert.Equal(1, run.Trainer.Position.EpochsWithoutGain);
    }

    [Fact]
    public void A_run_that_is_cancelled_before_its_first_step_saves_and_makes_none()
    {
        ToyRun run = new(new TrainerOptions());
        int saved = 0;
        run.Trainer.SaveCheckpoint = () => saved++;
        Assert.Equal(TrainingEnd.Cancelled, run.Trainer.Run(cancellation: new CancellationToken(canceled: true)));
        Assert.Equal((0L, 1), (run.Trainer.Position.Step, saved));
    }

    [Fact]
    public void A_run_that_is_cancelled_at_an_epochs_end_makes_no_further_step()
    {
        using CancellationTokenSource source = new();
        ToyRun run = new(new TrainerOptions { Epochs = 3 });
        Assert.Equal(TrainingEnd.Cancelled, run.Trainer.Run(new Listener(report => { if (report is EpochProgress) source.Cancel(); }), source.Token));
        Assert.Equal((11L, 2, 0), (run.Trainer.Position.Step, run.Trainer.Position.Epoch, run.Trainer.Position.Batch));
    }

    [Fact]
    public void The_best_model_is_saved_before_the_checkpoint_that_knows_of_it()
    {
        // Killed between the two, a resume repeats the steps from the older checkpoint and finds the same best model again;
        // in the other order it would go on without one.
        List<string> saves = [];
        ToyRun run = new(new TrainerOptions { Epochs = 2, SaveSteps = 5 });
        run.Trainer.SaveBest = () => saves.Add("best");
        run.Trainer.SaveCheckpoint = () => saves.Add($"checkpoint {run.Trainer.Position.Step}");
        run.Trainer.Run();
        Assert.Equal(["checkpoint 5", "checkpoint 10", "best", "checkpoint 11", "checkpoint 15", "checkpoint 20", "best", "checkpoint 22"], saves);
    }

    [Fact]
    public void Reports_follow_the_run_step_by_step()
    {
        ToyRun run = new(new TrainerOptions { Epochs = 2, BatchesPerStep = 4 });
        Listener reports = new();
        run.Trainer.Run(reports);
        Assert.Equal(Enumerable.Range(1, 6).Select(step => (long)step), reports.Steps.Select(step => step.Step));
        Assert.Equal([(1, 4), (1, 8), (1, 11), (2, 4), (2, 8), (2, 11)], reports.Steps.Select(step => (step.Epoch, step.Batch)));
        Assert.All(reports.Steps, step => Assert.Equal(new InverseSquareRootSchedule(3e-3, 10).RateAt(step.Step), step.LearningRate));
        Assert.All(reports.Steps, step => Assert.True(step.TargetTokensPerSecond > 0 && step.GradientNorm > 0 && step.BatchCount == 11));
        Assert.True(reports.Steps.Zip(reports.Steps.Skip(1)).All(pair => pair.First.TrainSeconds < pair.Second.TrainSeconds));
        Assert.Equal([3L, 6L], reports.Epochs.Select(epoch => epoch.Step));
        Assert.Equal(reports.Steps[^1].TrainSeconds, reports.Epochs[^1].TrainSeconds);
        Assert.All(reports.Epochs, epoch => Assert.Equal(Math.Exp(epoch.ValidationLoss!.Value), epoch.ValidationPerplexity));
        // The epoch's loss is the mean over its tokens, so it lies between the steps' means.
        Assert.All(reports.Epochs, epoch => Assert.InRange(
            epoch.TrainLoss,
            reports.Steps.Where(step => step.Epoch == epoch.Epoch).Min(step => step.Loss),
            reports.Steps.Where(step => step.Epoch == epoch.Epoch).Max(step => step.Loss)));
    }

    [Fact]
    public void Validation_perplexity_by_hand()
    {
        // An output weight of 0 leaves the bias: p(t0) = p(token 4) = ½, p(eos) = ¼, the rest shares ¼ (10 tokens, 1/40 each).
        ToyRun run = new(new TrainerOptions(), configuration: Toy.Configuration with { TiedOutput = false });
        run.Model.Output.Weight.Fill(0);
        run.Model.Output.Bias!.Fill(Math.Log(1 / 40.0));
        run.Model.Output.Bias[4] = Math.Log(0.5);
        run.Model.Output.Bias[Vocabulary.End] = Math.Log(0.25);
        int[] tokens = [.. Toy.Pairs(10, 2).SelectMany(pair => pair.Target)];
        double expected = tokens.Average(token => -Math.Log(token == 4 ? 0.5 : token == Vocabulary.End ? 0.25 : 1 / 40.0));
        Assert.Equal(expected, run.Trainer.Validate()!.Value, 1e-12);
    }

    [Fact]
    public void Validating_or_translating_within_an_epoch_does_not_turn_its_dropout_off()
    {
        TransformerConfiguration configuration = Toy.Configuration with { DropoutRate = 0.3 };
        ToyRun quiet = new(new TrainerOptions { Epochs = 1 }, configuration: configuration);
        quiet.Trainer.Run();
        ToyRun curious = new(new TrainerOptions { Epochs = 1 }, configuration: configuration);
        curious.Trainer.Run(new Listener(report => { if (report is StepProgress { Step: 3 }) curious.Trainer.Validate(); }));
        Assert.Equal(quiet.Sha256, curious.Sha256);
        ToyRun translating = new(new TrainerOptions { Epochs = 1 }, configuration: configuration);
        Translator translator = new(translating.Model, Toy.Source, Toy.Target);
        translating.Trainer.Run(new Listener(report => { if (report is StepProgress { Step: 3 }) translator.Translate(["s1 s2"]); }));
        Assert.Equal(quiet.Sha256, translating.Sha256);
    }

    [Fact]
    public void Several_small_batches_make_the_step_of_one_large_one()
    {
        ToyRun Run(int batchSize, int batchesPerStep)
        {
            ToyRun run = new(
                new TrainerOptions { Epochs = 5, BatchesPerStep = batchesPerStep, LargestGradientNorm = 0.5 }, batchSize, pairCount: 24,
                schedule: new ConstantSchedule(0.1), optimizer: parameters => new GradientDescent(parameters, 0, new GradientDescentOptions(0.9)));
            run.Trainer.Run();
            Assert.Equal(5, run.Trainer.Position.Step);
            return run;
        }

        double[] large = Numbers(Run(24, 1));
        foreach ((int batchSize, int batchesPerStep) in new[] { (12, 2), (6, 4), (5, 5), (1, 24) })
            Assert.All(large.Zip(Numbers(Run(batchSize, batchesPerStep))), pair => Assert.Equal(pair.First, pair.Second, 1e-11));

        static double[] Numbers(ToyRun run) => [.. run.Model.Parameters().SelectMany(parameter => parameter.ToDoubles())];
    }

    [Fact]
    public void Each_step_and_each_micro_batch_draws_masks_of_its_own()
    {
        // 11 batches, 4 a step: the last micro-batches are number 3, 3 and 2.
        ToyRun run = new(new TrainerOptions { Epochs = 1, BatchesPerStep = 4 });
        List<(uint, uint)> drawn = [];
        run.Trainer.Run(new Listener(report => { if (report is StepProgress) drawn.Add((run.Random.Step, run.Random.MicroBatch)); }));
        Assert.Equal([(1u, 3u), (2u, 3u), (3u, 2u)], drawn);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0)]
    public void A_step_moves_the_parameters_by_the_rate_times_the_clipped_norm(double largest)
    {
        // Plain descent: ‖Δp‖ = η · ‖g‖, where ‖g‖ is at most the largest norm, and 0 stands for no clipping.
        ToyRun run = new(
            new TrainerOptions { Epochs = 1, LargestGradientNorm = largest }, batchSize: 100, schedule: new ConstantSchedule(0.5),
            optimizer: parameters => new GradientDescent(parameters, 0));
        double[] before = [.. run.Model.Parameters().SelectMany(parameter => parameter.ToDoubles())];
        Listener reports = new();
        run.Trainer.Run(reports);
        double norm = reports.Steps.Single().GradientNorm;
        Assert.True(norm > 0.1);
        double moved = Math.Sqrt(run.Model.Parameters().SelectMany(parameter => parameter.ToDoubles()).Zip(before, (p, q) => (p - q) * (p - q)).Sum());
        Assert.Equal(0.5 * (largest > 0 ? largest : norm), moved, 1e-6);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        TrainerOptions[] bad =
        [
            new() { Epochs = -1 }, new() { BatchesPerStep = 0 }, new() { LabelSmoothing = 1 }, new() { LabelSmoothing = double.NaN },
            new() { LargestGradientNorm = -1 }, new() { Patience = -1 }, new() { SaveSteps = -1 },
        ];
        Assert.All(bad, options => Assert.Throws<ArgumentOutOfRangeException>(() => new ToyRun(options)));
    }

    private static ToyRun Still(TrainerOptions options) => new(options, schedule: new ConstantSchedule(0));
}
