using Training.Tests.Data;
using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Schedules;
using Xunit;

namespace Training.Tests;

public sealed class NonFiniteTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string CheckpointFile => folder["checkpoint.safetensors"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_planted_number_is_named_by_its_parameter_and_the_last_checkpoint_kept(double planted)
    {
        ToyRun run = new(new TrainerOptions { SaveSteps = 2 });
        run.SaveTo(CheckpointFile);
        byte[]? good = null;
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => run.Trainer.Run(new Listener(report =>
        {
            if (report is not StepProgress { Step: 3 })
                return;
            good = File.ReadAllBytes(CheckpointFile);
            run.Model.Decoder.Layers[0].FeedForward.Parameters().First()[0, 0] = planted;
        })));
        Assert.Equal(4, error.Step);
        Assert.Contains("the checkpoint of step 2 is kept", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("step 4: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("parameter decoder.layers.0.linear1.weight was not finite before the step", error.Place, StringComparison.Ordinal);
        Assert.Equal(good, File.ReadAllBytes(CheckpointFile));
        ToyRun resumed = new(new TrainerOptions());
        resumed.LoadFrom(CheckpointFile);
        Assert.Equal(2, resumed.Trainer.Position.Step);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_operation_that_overflows_is_named(bool composed)
    {
        // Scores of about (1e25)² do not fit single precision; masked scores of −∞ are no fault and not blamed.
        ToyRun run = new(new TrainerOptions(), configuration: Toy.Configuration with { DType = DType.Float32 });
        MultiHeadAttention attention = run.Model.Decoder.Layers[0].SelfAttention;
        attention.Composed = composed;
        run.Model.Encoder.Layers[0].SelfAttention.Composed = composed;
        attention.InProjectionWeight.Fill(1e25);
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => run.Trainer.Run());
        Assert.Equal(1, error.Step);
        Assert.Contains(composed ? "MatMul" : "ScaledDotProductAttention", error.Place, StringComparison.Ordinal);
        Assert.Contains("first operation", error.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_that_overflows_is_named_and_changes_no_parameter()
    {
        // The bias makes <pad> certain: p = 1 where 0 is right, so the norm's output gets −3e38 from <pad> and −3e38 from the
        // right token, on average over all places. The loss itself is about 30: the norm's outputs are small and sum to 0.
        ToyRun run = new(new TrainerOptions(), configuration: Toy.Configuration with { DType = DType.Float32, TiedOutput = false });
        run.Model.Decoder.Norm.Weight.Fill(1e-37);
        run.Model.Decoder.Norm.Bias.Fill(0);
        run.Model.Output.Weight.Fill(3e38);
        run.Model.Output.Weight.Edit<float>(values => values[..16].Fill(-3e38f));
        run.Model.Output.Bias![Transformer.Training.Data.Vocabulary.Padding] = 30;
        string before = run.Sha256;
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => run.Trainer.Run());
        Assert.Contains("the gradient of parameter decoder.norm.", error.Place, StringComparison.Ordinal);
        Assert.Equal(before, run.Sha256);
    }

    [Fact]
    public void A_norm_that_overflows_though_every_gradient_is_finite_is_told_as_it_is()
    {
        ToyRun run = new(new TrainerOptions(), configuration: Toy.Configuration with { TiedOutput = false });
        run.Model.Decoder.Norm.Weight.Fill(1e-200);
        run.Model.Decoder.Norm.Bias.Fill(0);
        for (int token = 0; token < 12; token++)
            run.Model.Output.Weight.Edit<double>(values => values.Slice(token * 16, 16).Fill(token % 2 == 0 ? 1e200 : -1e200));
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => run.Trainer.Run());
        Assert.Contains("norm", error.Place, StringComparison.Ordinal);
        Assert.DoesNotContain("parameter  ", error.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_ruins_the_model_at_an_epochs_end_never_replaces_the_best_model()
    {
        // One step an epoch; a rate of 1e38 throws every parameter out of single precision.
        foreach (int validationCount in (int[])[10, 0])
        {
            ToyRun run = new(
                new TrainerOptions { Epochs = 3 }, batchSize: 100, validationCount: validationCount, schedule: new ConstantSchedule(1e38),
                configuration: Toy.Configuration with { DType = DType.Float32 });
            (int best, int saved) = (0, 0);
            run.Trainer.SaveBest = () => best++;
            run.Trainer.SaveCheckpoint = () => saved++;
            NonFiniteException error = Assert.Throws<NonFiniteException>(() => run.Trainer.Run());
            Assert.Equal(1, error.Step);
            Assert.Contains("parameter ", error.Place, StringComparison.Ordinal);
            Assert.Equal((0, 0), (best, saved));
        }
    }

    [Fact]
    public void A_validation_loss_that_is_not_finite_stops_the_run_and_names_the_operation()
    {
        // One step an epoch. Parameters of about 1e30 are finite, but their products are not.
        ToyRun run = new(
            new TrainerOptions { Epochs = 3 }, batchSize: 100, schedule: new ConstantSchedule(1e30),
            configuration: Toy.Configuration with { DType = DType.Float32 });
        int best = 0;
        run.Trainer.SaveBest = () => best++;
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => run.Trainer.Run());
        Assert.Equal(1, error.Step);
        Assert.Contains("validation", error.Place, StringComparison.Ordinal);
        Assert.Contains("first operation", error.Place, StringComparison.Ordinal);
        Assert.Contains("saved no checkpoint yet", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, best);
    }
}
