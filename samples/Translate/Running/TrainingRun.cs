using Transformer.Autograd.Files;
using Transformer.Layers;
using Transformer.Samples.Translate.Output;
using Transformer.Training;
using Transformer.Training.Checkpoints;
using Transformer.Training.Data;
using Transformer.Training.Optimizers;
using Transformer.Training.Schedules;

namespace Transformer.Samples.Translate.Running;

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">0, or 130 or 143 after a signal.</param>
/// <param name="Position">Where it stands.</param>
/// <param name="History">The losses of the whole run.</param>
/// <param name="Record">What this process did of it.</param>
/// <param name="ParametersSha256">Of the parameters at the end, which are not the saved model's where an earlier epoch was better.</param>
/// <param name="Curve">What each epoch of this process ended with.</param>
internal sealed record RunResult(
    int ExitCode, TrainingPosition Position, TrainingHistory History, RunRecord Record, string ParametersSha256, IReadOnlyList<EpochScore> Curve);

/// <summary>
/// A run from its settings to a folder with the best model and a checkpoint, or from such a checkpoint on.
/// </summary>
internal sealed class TrainingRun
{
    private readonly RunLimits limits;
    private readonly TrainingData data;
    private readonly ConsoleOutput output;
    private readonly TransformerModel model;
    private readonly Adam optimizer;
    private readonly Batcher batches;
    private readonly Trainer trainer;
    private readonly RunFiles files;

    public TrainingRun(RunSettings settings, TrainingData data, RunLimits limits, ConsoleOutput output)
    {
        this.limits = limits;
        this.data = data;
        this.output = output;
        files = new RunFiles(limits.Folder, settings.Named().Concat(data.Digests).ToDictionary(pair => pair.Key, pair => pair.Value));
        RandomStreams streams = new(settings.Seed);
        model = Model(settings, data, streams);
        optimizer = new Adam(model.Parameters().ToList(), settings.LearningRate, RunSettings.Adam);
        BatchLimit limit = BatchLimit.Sentences(settings.Batch);
        batches = new Batcher(data.Training.Pairs, limit, settings.Seed);
        Batcher? validation = data.Validation is { } held ? new Batcher(held.Pairs, limit, settings.Seed) : null;
        TrainerOptions options = new()
        {
            Epochs = limits.Epochs ?? int.MaxValue - 1,
            TimeLimit = limits.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            LabelSmoothing = settings.LabelSmoothing,
            LargestGradientNorm = RunSettings.LargestGradientNorm,
            Patience = limits.Patience,
            AverageDecay = settings.AverageDecay,
            SaveSteps = limits.SaveSteps,
            Recordings = limits.Recordings is { } plan
                ? plan with { Source = data.Source.Vocabulary, Target = data.Target.Vocabulary }
                : null,
        };
        InverseSquareRootSchedule schedule = new(settings.LearningRate, settings.WarmUp);
        trainer = new Trainer(model, optimizer, schedule, batches, validation, streams, options)
        {
            SaveCheckpoint = () => files.SaveCheckpoint(model, optimizer, trainer!),
            SaveBest = () => files.SaveModel(new Translator(model, data.Source, data.Target), trainer!.Position.Step),
        };
    }

    /// <summary>Trains, or trains on.</summary>
    /// <exception cref="TensorFileException">The checkpoint to resume is not whole, or another run's.</exception>
    /// <exception cref="RunFailedException">Nothing can be saved.</exception>
    /// <exception cref="NonFiniteException">The loss or a gradient was not finite.</exception>
    public RunResult Run()
    {
        output.Line($"{model.ParameterCount:N0} parameters");
        Start();
        using TerminationSignals signals = new(() => output.Line("stopping after this step; once more ends at once"), output.Abandon);
        RunEstimate estimate = new(limits.Epochs, limits.Minutes);
        (TrainingEnd end, RunRecord record, EpochScores scores) = output.Track(estimate, display =>
        {
            RunRecord record = new(trainer, display);
            EpochScores scores = new(trainer, new Translator(model, data.Source, data.Target), limits.ScoredPairs, limits.ScoreSearch, output, record);
            return (trainer.Run(scores, signals.Token), record, scores);
        });
        TrainingPosition position = trainer.Position;
        if (signals.Code != 0)
            output.Line($"stopped after step {position.Step}; {files.CheckpointPath} is saved: the same command with --resume goes on");
        else if (end == TrainingEnd.EarlyStopping)
            output.Line($"stopped early: {position.EpochsWithoutGain} epochs without a better validation loss");
        return new RunResult(signals.Code, position, trainer.History, record, ModelTensors.Sha256(model), scores.Curve);
    }

    private static TransformerModel Model(RunSettings settings, TrainingData data, RandomStreams streams)
    {
        try
        {
            return new TransformerModel(settings.Configuration(data.Source.Vocabulary.Count, data.Target.Vocabulary.Count), streams);
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
    }

    private void Start()
    {
        if (limits.Resume)
        {
            files.Resume(model, optimizer, trainer);
            TrainingPosition position = trainer.Position;
            output.Line(position.Epoch > limits.Epochs
                ? $"resuming after step {position.Step}: all {limits.Epochs} epochs are done"
                : $"resuming after step {position.Step}: epoch {position.Epoch}, batch {position.Batch} of {batches.Plan(position.Epoch).Count}");
        }
        else if (File.Exists(files.CheckpointPath))
        {
            output.Line($"note: this run replaces the one in {limits.Folder} (--resume would go on with that)");
        }
    }
}
