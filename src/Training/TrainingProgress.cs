namespace Transformer.Training;

/// <summary>What a <see cref="Trainer"/> reports: a <see cref="StepProgress"/>, an <see cref="EpochProgress"/> or a <see cref="RecordingProgress"/>.</summary>
public abstract record TrainingProgress;

/// <summary>After an optimizer step.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Batch">Batches of the epoch that are done.</param>
/// <param name="BatchCount">Batches of the epoch.</param>
/// <param name="Step">Steps done in the run.</param>
/// <param name="Loss">Mean training loss of the step per target token, in nats, with label smoothing.</param>
/// <param name="LearningRate">η of the step.</param>
/// <param name="GradientNorm">Global norm before clipping.</param>
/// <param name="TargetTokensPerSecond">Of the step, padding not counted.</param>
/// <param name="TrainSeconds">Seconds of training so far.</param>
public sealed record StepProgress(
    int Epoch, int Batch, int BatchCount, long Step, double Loss, double LearningRate, double GradientNorm,
    double TargetTokensPerSecond, double TrainSeconds) : TrainingProgress;

/// <summary>After an epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Step">Steps done in the run.</param>
/// <param name="TrainLoss">Mean training loss of the epoch per target token, in nats, with label smoothing.</param>
/// <param name="ValidationLoss">Per target token including &lt;eos&gt;, in nats, without label smoothing; null without validation pairs.</param>
/// <param name="Seconds">Training seconds of the epoch, those before a resume included.</param>
/// <param name="TrainSeconds">Seconds of training so far.</param>
/// <param name="TargetTokensPerSecond">Over the epoch.</param>
/// <param name="IsBest">Whether the validation loss is the lowest so far.</param>
public sealed record EpochProgress(
    int Epoch, long Step, double TrainLoss, double? ValidationLoss, double Seconds, double TrainSeconds,
    double TargetTokensPerSecond, bool IsBest) : TrainingProgress
{
    /// <summary>e to the validation loss.</summary>
    public double? ValidationPerplexity => ValidationLoss is { } loss ? Math.Exp(loss) : null;
}

/// <summary>After a step was recorded, before the optimizer moves.</summary>
/// <param name="Step">The step.</param>
/// <param name="Path">The recording's file.</param>
/// <param name="Trap">What sprang a trap; null where the step is one of every so many.</param>
/// <param name="Problem">Why the file could not be saved; null where it was.</param>
public sealed record RecordingProgress(long Step, string Path, string? Trap, string? Problem) : TrainingProgress;

/// <summary>Why a run ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs are done.</summary>
    Finished,

    /// <summary>The time limit was reached.</summary>
    TimeLimit,

    /// <summary>The validation loss stopped falling.</summary>
    EarlyStopping,

    /// <summary>The caller cancelled; a checkpoint was saved.</summary>
    Cancelled,
}
