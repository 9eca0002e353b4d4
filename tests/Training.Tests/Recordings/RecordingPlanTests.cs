using Training.Tests.Data;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Recordings;
using Transformer.Training.Schedules;
using Xunit;

namespace Training.Tests.Recordings;

/// <summary>Steps that a training records: which, with what in them, and without a trace in the run itself.</summary>
public sealed class RecordingPlanTests : IDisposable
{
    private static readonly TransformerConfiguration Single = Toy.Configuration with { DType = DType.Float32, DropoutRate = 0.2 };

    private readonly TemporaryFolder folder = new();

    private RecordingPlan Plan => new() { Folder = folder["run"], Source = Toy.Source.Vocabulary, Target = Toy.Target.Vocabulary };

    public void Dispose() => folder.Dispose();

    private string[] Files => Directory.Exists(Plan.Folder) ? [.. Directory.GetFiles(Plan.Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)] : [];

    private Recording Load(string name) => RecordingFile.Load(Path.Combine(Plan.Folder, name));

    // The first operation that made a non-finite number from finite ones: what a search for the fault begins with.
    private static RecordedOperation FirstNonFinite(Recording recording) => recording.Operations.First(
        operation => !operation.Output.Values.Statistics.IsFinite && operation.Inputs.All(input => input.Values.Statistics.IsFinite));

    private static long[] Bits(Tensor tensor) => [.. tensor.ToDoubles().Select(BitConverter.DoubleToInt64Bits)];

    [Fact]
    public void A_loss_that_overflows_leaves_a_recording_whose_first_non_finite_operation_is_the_fault()
    {
        ToyRun run = new(new TrainerOptions { Recordings = Plan with { TrapNonFinite = true } }, configuration: Single);
        foreach (MultiHeadAttention attention in run.Model.Modules().OfType<MultiHeadAttention>())
            attention.Composed = true;
        run.Model.Decoder.Layers[0].SelfAttention.InProjectionWeight.Fill(1e25);
        List<RecordingProgress> reports = [];
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => run.Trainer.Run(new Listener(report =>
        {
            if (report is RecordingProgress recorded)
                reports.Add(recorded);
        })));

        Assert.Equal(["trap-step-1.recording.safetensors"], Files);
        Assert.Equal(Path.Combine(Plan.Folder, Files[0]), error.RecordingPath);
        Assert.Contains($"the step is recorded in {error.RecordingPath}", error.Message, StringComparison.Ordinal);
        Assert.Equal(new RecordingProgress(1, error.RecordingPath!, error.Place, null), Assert.Single(reports));
        Recording recording = Load(Files[0]);
        RecordedOperation first = FirstNonFinite(recording);
        Assert.Equal(("MatMul", "decoder.layers.0.self_attn"), (first.Kind, first.Module));
        Assert.Equal(("5", "1", "1", error.Place), (recording.Facts["seed"], recording.Facts["step"], recording.Facts["epoch"], recording.Facts["reason"]));
        Assert.True(double.IsNaN(recording.Operations[^1].Output.Values.ValueAt(0)));
    }

    [Fact]
    public void A_planted_NaN_is_in_the_recording_of_the_step_that_met_it()
    {
        ToyRun run = new(new TrainerOptions { Recordings = Plan with { TrapNonFinite = true } }, configuration: Single);
        Assert.Throws<NonFiniteException>(() => run.Trainer.Run(new Listener(report =>
        {
            if (report is StepProgress { Step: 3 })
                run.Model.Decoder.Layers[0].FeedForward.Parameters().First()[0, 0] = double.NaN;
        })));
        Recording recording = Load("trap-step-4.recording.safetensors");
        Assert.Equal("decoder.layers.0.linear1.weight", recording.Tensors.First(tensor => !tensor.Values.Statistics.IsFinite).Label);
        Assert.Equal(1, recording.Tensors.First(tensor => !tensor.Values.Statistics.IsFinite).Values.Statistics.NaNs);
    }

    [Fact]
    public void A_gradient_that_overflows_is_recorded_with_the_backward_pass()
    {
        ToyRun run = new(
            new TrainerOptions { Recordings = Plan with { TrapNorm = 1e30 } },
            configuration: Toy.Configuration with { DType = DType.Float32, TiedOutput = false });
        run.Model.Decoder.Norm.Weight.Fill(1e-37);
        run.Model.Decoder.Norm.Bias.Fill(0);
        run.Model.Output.Weight.Fill(3e38);
        run.Model.Output.Weight.Edit<float>(values => values[..16].Fill(-3e38f));
        run.Model.Output.Bias![Transformer.Training.Data.Vocabulary.Padding] = 30;
        Assert.Throws<NonFiniteException>(() => run.Trainer.Run());
        Recording recording = Load("trap-step-1.recording.safetensors");
        Assert.All(recording.Operations, operation => Assert.True(operation.Output.Values.Statistics.IsFinite));
        TimelineEvent fault = recording.Timeline.First(entry => entry.Contributions.Any(contribution => !contribution.Values.Statistics.IsFinite));
        Assert.True(fault.Gradient!.Statistics.IsFinite);
        Assert.Equal(("LayerNorm", "decoder.norm"), (fault.Operation!.Kind, fault.Operation.Module));
    }

    [Fact]
    public void The_step_above_a_norm_is_run_again_to_the_same_bits_and_the_run_goes_on_as_without()
    {
        TrainerOptions options = new() { Epochs = 2, BatchesPerStep = 2 };
        List<StepProgress> plainSteps = [];
        List<long[][]> plainGradients = [];
        ToyRun plain = new(options, configuration: Single);
        plain.Trainer.Run(new Listener(report =>
        {
            if (report is not StepProgress step)
                return;
            plainSteps.Add(step);
            plainGradients.Add([.. plain.Model.Parameters().Select(parameter => Bits(parameter.Gradient!))]);
        }));
        // Above the first step's norm, so that a later one is the first to reach it, and more than one does.
        double[] norms = [.. plainSteps.Select(step => step.GradientNorm)];
        double bound = norms.Order().ToArray()[^3];
        int trapped = Array.FindIndex(norms, norm => norm > bound);
        Assert.True(norms.Count(norm => norm > bound) == 2 && trapped >= 0);

        Listener steps = new();
        ToyRun run = new(options with { Recordings = Plan with { TrapNorm = bound } }, configuration: Single);
        run.Trainer.Run(steps);

        Assert.Equal([$"trap-step-{trapped + 1}.recording.safetensors"], Files);
        Assert.Equal(plain.Sha256, run.Sha256);
        Assert.Equal(plainSteps.Select(step => (step.Loss, step.GradientNorm)), steps.Steps.Select(step => (step.Loss, step.GradientNorm)));
        Recording recording = Load(Files[0]);
        foreach ((Parameter parameter, long[] gradient) in run.Model.Parameters().Zip(plainGradients[trapped]))
        {
            RecordedTensor recorded = recording.Tensors.Single(tensor => tensor.Name == parameter.Name);
            Assert.Equal(gradient, Bits(recording.GradientOf(recorded)!.ToTensor(DType.Float32)));
        }

        // Two batches: two losses, whose mean by tokens is the step's.
        Assert.Equal(2, recording.Timeline.Count(entry => entry.Kind == TimelineEventKind.BackwardStart));
        Assert.StartsWith("the gradient norm ", recording.Facts["reason"], StringComparison.Ordinal);
        Assert.Empty(recording.Words);
    }

    [Fact]
    public void Every_fourth_step_is_recorded_with_its_words_and_nothing_else_changes()
    {
        ToyRun plain = new(new TrainerOptions { Epochs = 1 }, configuration: Single);
        plain.Trainer.Run();
        ToyRun run = new(new TrainerOptions { Epochs = 1, Recordings = Plan with { Every = 4 } }, configuration: Single);
        run.Trainer.Run();

        Assert.Equal(11, run.Trainer.Position.Step);
        Assert.Equal(["step-4.recording.safetensors", "step-8.recording.safetensors"], Files);
        Assert.Equal(plain.Sha256, run.Sha256);
        Recording recording = Load(Files[0]);
        Assert.Equal(("training step 4", "every 4 steps"), (recording.Facts["title"], recording.Facts["reason"]));
        IReadOnlyList<IReadOnlyList<string>> source = recording.Words["source"];
        // Four sentences one after the other, as the batch is packed.
        Assert.Single(source);
        Assert.Matches("^((s[0-7] )+<eos> ?){4}$", string.Join(' ', source[0]));
        Assert.Matches("^(<bos>( t[0-7])+ ?){4}$", string.Join(' ', Assert.Single(recording.Words["target"])));
        Assert.Matches("^((t[0-7] )+<eos> ?){4}$", string.Join(' ', Assert.Single(recording.Words["expected"])));
        RecordedOperation attention = recording.Operations.First(operation => operation.Saved.ContainsKey("weights"));
        Assert.Equal([1, 2, source[0].Count, source[0].Count], attention.Saved["weights"].Shape);
    }

    [Fact]
    public void A_resumed_run_may_record_and_computes_the_same()
    {
        ToyRun plain = new(new TrainerOptions { Epochs = 2 }, configuration: Single);
        plain.Trainer.Run();
        string checkpoint = folder["checkpoint.safetensors"];
        ToyRun first = new(new TrainerOptions { Epochs = 1 }, configuration: Single);
        first.SaveTo(checkpoint);
        first.Trainer.Run();
        Assert.Empty(Files);
        ToyRun resumed = new(new TrainerOptions { Epochs = 2, Recordings = Plan with { Every = 20, TrapNonFinite = true } }, configuration: Single);
        resumed.LoadFrom(checkpoint);
        resumed.Trainer.Run();
        Assert.Equal(["step-20.recording.safetensors"], Files);
        Assert.Equal(plain.Sha256, resumed.Sha256);
    }

    [Fact]
    public void Parameters_that_a_step_ruins_are_recorded_as_they_are_after_it()
    {
        // One step an epoch; a rate of 1e38 throws every parameter out of single precision, though its gradient was finite.
        ToyRun run = new(
            new TrainerOptions { Recordings = Plan with { TrapNonFinite = true } }, batchSize: 100, schedule: new ConstantSchedule(1e39),
            configuration: Single);
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => run.Trainer.Run());
        Assert.Equal(["trap-step-1.recording.safetensors"], Files);
        Assert.Equal(Path.Combine(Plan.Folder, Files[0]), error.RecordingPath);
        Recording recording = Load(Files[0]);
        Assert.Equal("as they are after the step", recording.Facts["parameters"]);
        Assert.True(recording.Tensors.First(tensor => !tensor.Values.Statistics.IsFinite).IsParameter);
    }

    [Fact]
    public void A_recording_that_cannot_be_saved_is_reported_and_the_run_goes_on()
    {
        ToyRun plain = new(new TrainerOptions { Epochs = 1 }, configuration: Single);
        plain.Trainer.Run();
        File.WriteAllText(Plan.Folder, "a file where the folder should be");
        List<RecordingProgress> reports = [];
        ToyRun run = new(new TrainerOptions { Epochs = 1, Recordings = Plan with { Every = 8, TrapNonFinite = true } }, configuration: Single);
        run.Trainer.Run(new Listener(report =>
        {
            if (report is RecordingProgress recorded)
                reports.Add(recorded);
        }));
        Assert.NotNull(Assert.Single(reports).Problem);
        Assert.Equal(plain.Sha256, run.Sha256);
        run.Model.Output.Bias!.Fill(double.NaN);
        run.Trainer.Position = new TrainingPosition();
        Assert.Null(Assert.Throws<NonFiniteException>(() => run.Trainer.Run()).RecordingPath);
    }

    [Fact]
    public void A_vocabulary_that_lacks_the_words_leaves_no_recorder_open()
    {
        Transformer.Training.Data.Vocabulary none = new([]);
        ToyRun run = new(new TrainerOptions { Epochs = 1, Recordings = Plan with { Every = 1, Source = none } }, configuration: Single);
        Assert.ThrowsAny<Exception>(() => run.Trainer.Run());
        Assert.Null(Recorder.Active);
    }

    [Fact]
    public void Plans_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ToyRun(new TrainerOptions { Recordings = Plan with { Every = -1 } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ToyRun(new TrainerOptions { Recordings = Plan with { TrapNorm = 0 } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ToyRun(new TrainerOptions { Recordings = Plan with { TrapNorm = double.NaN } }));
    }
}
