using System.Diagnostics;
using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Data;
using Transformer.Training.Optimizers;
using Transformer.Training.Recordings;
using Transformer.Training.Schedules;

namespace Transformer.Training;

/// <summary>
/// Trains a translation model: epochs of batches in an order that the seed fixes, and after each epoch a validation.
/// A run that is stopped and resumed at its <see cref="Position"/> computes the same bits as one that never stopped.
/// </summary>
public sealed class Trainer
{
    private readonly TransformerModel model;
    private readonly Optimizer optimizer;
    private readonly LearningRateSchedule schedule;
    private readonly Batcher batches;
    private readonly Validation? validation;
    private readonly RandomStreams random;
    private readonly StepComputation computation;
    private readonly TrainerOptions options;
    private readonly Stopwatch clock = new();
    private StepRecorder? recorder;
    private double secondsBefore;
    private long? savedStep;

    /// <summary>A run at its beginning; set <see cref="Position"/> (and the optimizer's state) to resume one.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="optimizer">An optimizer of the model's parameters.</param>
    /// <param name="schedule">The learning rate of each step.</param>
    /// <param name="batches">Training batches.</param>
    /// <param name="validation">Validation batches, or null.</param>
    /// <param name="random">The random numbers of the model's dropout layers.</param>
    /// <param name="options">How to train.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option makes no sense.</exception>
    public Trainer(
        TransformerModel model, Optimizer optimizer, LearningRateSchedule schedule, Batcher batches, Batcher? validation,
        RandomStreams random, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.model = model;
        this.optimizer = optimizer;
        this.schedule = schedule;
        this.batches = batches;
        this.validation = validation is null ? null : new Validation(model, validation);
        this.random = random;
        computation = new StepComputation(model, optimizer, random, options.LabelSmoothing);
        this.options = options;
        Average = options.AverageDecay > 0 ? new MovingAverage(model, options.AverageDecay) : null;
    }

    /// <summary>The average of the parameters where <see cref="TrainerOptions.AverageDecay"/> asks for one; a resume fills it.</summary>
    public MovingAverage? Average { get; }

    /// <summary>Where the run stands.</summary>
    public TrainingPosition Position { get; set; } = new();

    /// <summary>The losses so far; a resume sets those of the checkpoint.</summary>
    public TrainingHistory History { get; set; } = new();

    /// <summary>Called when a checkpoint is due: every <see cref="TrainerOptions.SaveSteps"/>, after each epoch, at the time limit and when cancelled.</summary>
    public Action? SaveCheckpoint { get; set; }

    /// <summary>Called after each epoch that is the best so far (each epoch, without validation pairs).</summary>
    public Action? SaveBest { get; set; }

    /// <summary>Trains until the end of the run.</summary>
    /// <param name="progress">Told of every step and epoch, on this thread.</param>
    /// <param name="cancellation">Cancelling ends the run after the step under way, with a checkpoint.</param>
    /// <exception cref="NonFiniteException">A loss, gradient or parameter was NaN or infinite; what was saved before is untouched.</exception>
    public TrainingEnd Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        secondsBefore = Position.TrainSeconds;
        // A run that does not begin here comes from a checkpoint.
        savedStep = Position.Step > 0 ? Position.Step : null;
        clock.Reset();
        recorder = options.Recordings is { } plan ? new StepRecorder(plan, random.Seed, computation.Run, progress) : null;
        try
        {
            return RunEpochs(progress, cancellation);
        }
        catch (NonFiniteException error)
        {
            error.SavedStep = savedStep;
            throw;
        }
    }

    private TrainingEnd RunEpochs(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        while (Position.Epoch <= options.Epochs)
        {
            if (IsOutOfPatience)
                return TrainingEnd.EarlyStopping;
            if (RunEpoch(progress, cancellation) is { } end)
                return end;
            EndEpoch(progress);
        }

        return TrainingEnd.Finished;
    }

    /// <summary>
    /// Mean validation loss per target token, in nats, without label smoothing and dropout; null without validation pairs.
    /// </summary>
    /// <exception cref="NonFiniteException">It is NaN or infinite.</exception>
    public double? Validate()
    {
        using IDisposable? averaged = Average?.InPlaceOfParameters();
        return validation?.Loss(Position.Step);
    }

    private double TrainSeconds => secondsBefore + clock.Elapsed.TotalSeconds;

    private bool IsOutOfPatience => options.Patience > 0 && Position.EpochsWithoutGain >= options.Patience;

    private bool IsOutOfTime => options.TimeLimit is { } limit && Position.TrainSeconds >= limit.TotalSeconds;

    // Returns why the run is to end before the epoch's end, or null there.
    private TrainingEnd? RunEpoch(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        // The clock runs while batches are made and trained on; it stands during validation, saving and reports.
        clock.Start();
        IReadOnlyList<IReadOnlyList<int>> plan = batches.Plan(Position.Epoch);
        clock.Stop();
        int batchCount = plan.Count;
        if (batchCount == 0)
            throw new InvalidOperationException("Trainer: there are no training pairs.");
        if (Position.Batch < batchCount && Interruption(progress, cancellation) is { } before)
            return before;
        List<Batch> gathered = [];
        clock.Start();
        foreach (Batch batch in batches.Batches(plan, Position.Batch))
        {
            gathered.Add(batch);
            if (gathered.Count < options.BatchesPerStep && Position.Batch + gathered.Count < batchCount)
                continue;
            StepProgress step = RunStep(gathered, batchCount);
            clock.Stop();
            gathered.Clear();
            History.Training.Add(step.Step, step.Loss);
            progress?.Report(step);
            // At the epoch's end the validation comes first, so that no work is done twice.
            if (Position.Batch == batchCount && !cancellation.IsCancellationRequested)
                break;
            if (Interruption(progress, cancellation) is { } end)
                return end;
            if (options.SaveSteps > 0 && Position.Step % options.SaveSteps == 0)
                Save();
            clock.Start();
        }

        // Also where no batch was left: a run that was stopped after the epoch's last step goes on here.
        clock.Stop();
        return null;
    }

    private TrainingEnd? Interruption(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            Save();
            return TrainingEnd.Cancelled;
        }

        if (!IsOutOfTime)
            return null;
        // At an epoch's beginning everything was validated and saved at the end of the last.
        if (Position.Batch > 0)
            CutEpochShort(progress);
        return TrainingEnd.TimeLimit;
    }

    private StepProgress RunStep(List<Batch> parts, int batchCount)
    {
        StepBatches step = new(Position.Epoch, Position.Step + 1, [.. parts]);
        (double lossSum, double norm) = recorder is null ? computation.Run(step) : recorder.Run(step);
        optimizer.LearningRate = schedule.RateAt(step.Number);
        optimizer.Step(options.LargestGradientNorm > 0 ? GradientClipping.Scale(norm, options.LargestGradientNorm) : 1);
        Average?.Update(step.Number);
        double now = TrainSeconds;
        double seconds = now - Position.TrainSeconds;
        Position = Position with
        {
            Batch = Position.Batch + parts.Count,
            Step = step.Number,
            EpochLossSum = Position.EpochLossSum + lossSum,
            EpochTokens = Position.EpochTokens + step.Tokens,
            EpochSeconds = Position.EpochSeconds + seconds,
            TrainSeconds = now,
        };
        return new StepProgress(
            Position.Epoch, Position.Batch, batchCount, step.Number, lossSum / step.Tokens, optimizer.LearningRate, norm,
            step.Tokens / seconds, now);
    }

    private void EndEpoch(IProgress<TrainingProgress>? progress)
    {
        EpochProgress report = ValidateEpoch();
        Position = Position with
        {
            BestValidationLoss = report.IsBest ? report.ValidationLoss : Position.BestValidationLoss,
            BestStep = report.IsBest ? Position.Step : Position.BestStep,
            EpochsWithoutGain = report.IsBest ? 0 : Position.EpochsWithoutGain + 1,
            Epoch = Position.Epoch + 1,
            Batch = 0,
            EpochLossSum = 0,
            EpochTokens = 0,
            EpochSeconds = 0,
        };
        SaveAndReport(report, progress);
    }

    // The position stays within the epoch, which uses up no patience: it may be continued.
    private void CutEpochShort(IProgress<TrainingProgress>? progress)
    {
        EpochProgress report = ValidateEpoch();
        if (report.IsBest)
            Position = Position with { BestValidationLoss = report.ValidationLoss, BestStep = Position.Step, EpochsWithoutGain = 0 };
        SaveAndReport(report, progress);
    }

    private EpochProgress ValidateEpoch()
    {
        CheckFinite();
        double? loss = Validate();
        if (loss is { } value)
            History.Validation.Add(Position.Step, value);
        bool isBest = loss is null || !(loss >= Position.BestValidationLoss);
        return new EpochProgress(
            Position.Epoch, Position.Step, Position.EpochLossSum / Position.EpochTokens, loss, Position.EpochSeconds, Position.TrainSeconds,
            Position.EpochTokens / Position.EpochSeconds, isBest);
    }

    // The best model first: a run that is killed in between finds it again from the older checkpoint. In the other order
    // the newer checkpoint would tell of a best model that was never saved.
    private void SaveAndReport(EpochProgress report, IProgress<TrainingProgress>? progress)
    {
        if (report.IsBest)
            SaveBestModel();
        InvokeSave();
        progress?.Report(report);
    }

    private void SaveBestModel()
    {
        using IDisposable? averaged = Average?.InPlaceOfParameters();
        SaveBest?.Invoke();
    }

    private void Save()
    {
        CheckFinite();
        InvokeSave();
    }

    private void InvokeSave()
    {
        if (SaveCheckpoint is null)
            return;
        SaveCheckpoint();
        savedStep = Position.Step;
    }

    // What is saved is to be good: a step may have thrown a parameter out of range though loss and gradient were finite.
    private void CheckFinite()
    {
        if (FiniteCheck.FirstParameter(model, parameter => parameter) is { } parameterName)
            throw Ruined($"parameter {parameterName} is not finite after the step");
        foreach ((string name, Tensor value) in optimizer.State)
        {
            if (!FiniteCheck.IsFinite(value))
                throw Ruined($"{name}, kept by the optimizer, is not finite after the step");
        }
    }

    private NonFiniteException Ruined(string place)
    {
        NonFiniteException error = new(Position.Step, place);
        recorder?.RecordAfter(error);
        return error;
    }
}
