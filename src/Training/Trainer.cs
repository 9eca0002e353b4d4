using System.Diagnostics;
using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Data;
using Transformer.Training.Losses;
using Transformer.Training.Optimizers;
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
    private readonly Batcher? validation;
    private readonly RandomStreams random;
    private readonly TrainerOptions options;
    private readonly Stopwatch clock = new();
    private double secondsBefore;

    /// <summary>A run at its beginning; set <see cref="Position"/> (and the optimizer's state) to resume one.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="optimizer">An optimizer of the model's parameters.</param>
    /// <param name="schedule">The learning rate of each step.</param>
    /// <param name="batches">Training batches.</param>
    /// <param name="validation">Validation batches, or null.</param>
    /// <param name="random">The random numbers of the model's dropout layers.</param>
    /// <param name="options">How to train.</param>
    public Trainer(
        TransformerModel model, Optimizer optimizer, LearningRateSchedule schedule, Batcher batches, Batcher? validation,
        RandomStreams random, TrainerOptions options)
    {
        this.model = model;
        this.optimizer = optimizer;
        this.schedule = schedule;
        this.batches = batches;
        this.validation = validation;
        this.random = random;
        this.options = options;
    }

    /// <summary>Where the run stands.</summary>
    public TrainingPosition Position { get; set; } = new();

    /// <summary>Called when a checkpoint is due: every <see cref="TrainerOptions.SaveSteps"/>, after each epoch, and when cancelled.</summary>
    public Action? SaveCheckpoint { get; set; }

    /// <summary>Called after each epoch that is the best so far (each epoch, without validation pairs).</summary>
    public Action? SaveBest { get; set; }

    /// <summary>Trains until the end of the run.</summary>
    /// <param name="progress">Told of every step and epoch, on this thread.</param>
    /// <param name="cancellation">Cancelling ends the run after the step under way, with a checkpoint.</param>
    /// <exception cref="NonFiniteException">A loss or gradient was NaN or infinite.</exception>
    public TrainingEnd Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        secondsBefore = Position.TrainSeconds;
        clock.Reset();
        while (Position.Epoch <= options.Epochs)
        {
            if (IsOutOfPatience)
                return TrainingEnd.EarlyStopping;
            double epochStart = TrainSeconds;
            if (RunEpoch(progress, cancellation) is { } end)
                return end;
            EndEpoch(progress, TrainSeconds - epochStart);
        }

        return TrainingEnd.Finished;
    }

    /// <summary>
    /// Mean validation loss per target token, in nats, without label smoothing and dropout; null without validation pairs.
    /// </summary>
    public double? Validate()
    {
        if (validation is null)
            return null;
        model.Evaluate();
        double sum = 0;
        long tokens = 0;
        using (new NoGradient())
        {
            foreach (Batch batch in validation.ByLength())
            {
                using Step step = new();
                sum += TranslationLoss.Of(model, batch, labelSmoothing: 0).Item() * batch.TargetTokens;
                tokens += batch.TargetTokens;
            }
        }

        return sum / tokens;
    }

    private double TrainSeconds => secondsBefore + clock.Elapsed.TotalSeconds;

    private bool IsOutOfPatience => options.Patience > 0 && Position.EpochsWithoutGain >= options.Patience;

    // Returns why the run is to end within the epoch, or null at the epoch's end.
    private TrainingEnd? RunEpoch(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        model.Train();
        int batchCount = batches.Plan(Position.Epoch).Count;
        List<Batch> gathered = [];
        foreach (Batch batch in batches.Epoch(Position.Epoch, Position.Batch))
        {
            gathered.Add(batch);
            if (gathered.Count < options.BatchesPerStep && Position.Batch + gathered.Count < batchCount)
                continue;
            StepProgress step = RunStep(gathered, batchCount);
            gathered.Clear();
            progress?.Report(step);
            if (cancellation.IsCancellationRequested)
            {
                Save();
                return TrainingEnd.Cancelled;
            }

            if (options.TimeLimit is { } limit && TrainSeconds >= limit.TotalSeconds && Position.Batch < batchCount)
            {
                EndEpoch(progress, seconds: null);
                return TrainingEnd.TimeLimit;
            }

            if (options.SaveSteps > 0 && Position.Step % options.SaveSteps == 0 && Position.Batch < batchCount)
                Save();
        }

        return null;
    }

    private StepProgress RunStep(List<Batch> parts, int batchCount)
    {
        clock.Start();
        double start = TrainSeconds;
        long number = Position.Step + 1;
        int tokens = parts.Sum(part => part.TargetTokens);
        double lossSum = 0;
        model.ZeroGradients();
        random.Step = (uint)number;
        for (int i = 0; i < parts.Count; i++)
        {
            random.MicroBatch = (uint)i;
            lossSum += AddGradients(parts[i], tokens, number) * parts[i].TargetTokens;
        }

        double norm = GradientClipping.GlobalNorm(optimizer.Parameters);
        if (!double.IsFinite(norm))
            throw new NonFiniteException(number, FiniteCheck.PlaceOfGradient(model));
        optimizer.LearningRate = schedule.RateAt(number);
        optimizer.Step(options.LargestGradientNorm > 0 ? GradientClipping.Scale(norm, options.LargestGradientNorm) : 1);
        clock.Stop();
        Position = Position with
        {
            Batch = Position.Batch + parts.Count,
            Step = number,
            EpochLossSum = Position.EpochLossSum + lossSum,
            EpochTokens = Position.EpochTokens + tokens,
            TrainSeconds = TrainSeconds,
        };
        return new StepProgress(
            Position.Epoch, Position.Batch, batchCount, number, lossSum / tokens, optimizer.LearningRate, norm,
            tokens / (TrainSeconds - start), TrainSeconds);
    }

    // Adds ∂/∂θ of this part's share of the step's loss: its mean loss times its share of the step's target tokens.
    private double AddGradients(Batch part, int stepTokens, long number)
    {
        using Step step = new();
        Tensor loss = TranslationLoss.Of(model, part, options.LabelSmoothing);
        double value = loss.Item();
        if (!double.IsFinite(value))
            throw new NonFiniteException(number, FiniteCheck.PlaceOfLoss(model, value));
        loss.Backward(Tensor.Scalar((double)part.TargetTokens / stepTokens, loss.DType));
        return value;
    }

    // A null duration means that the epoch was cut short: the position stays within it.
    private void EndEpoch(IProgress<TrainingProgress>? progress, double? seconds)
    {
        double? loss = Validate();
        bool isBest = loss is null || !(loss >= Position.BestValidationLoss);
        EpochProgress report = new(
            Position.Epoch, Position.Step, Position.EpochLossSum / Position.EpochTokens, loss, seconds ?? 0, TrainSeconds,
            seconds > 0 ? Position.EpochTokens / seconds.Value : 0, isBest);
        Position = Position with
        {
            BestValidationLoss = isBest ? loss : Position.BestValidationLoss,
            EpochsWithoutGain = isBest ? 0 : Position.EpochsWithoutGain + 1,
        };
        if (seconds is not null)
            Position = Position with { Epoch = Position.Epoch + 1, Batch = 0, EpochLossSum = 0, EpochTokens = 0 };
        if (isBest)
            SaveBest?.Invoke();
        Save();
        progress?.Report(report);
    }

    private void Save()
    {
        if (FiniteCheck.FirstParameter(model, parameter => parameter) is { } name)
            throw new NonFiniteException(Position.Step, $"parameter {name} is not finite after the step");
        SaveCheckpoint?.Invoke();
    }
}
