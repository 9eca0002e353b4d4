namespace Transformer.Training;

/// <summary>Where a run stands, exactly: all that a resume needs beside parameters and optimizer state.</summary>
public sealed record TrainingPosition
{
    /// <summary>The epoch under way, from 1.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Batches of that epoch that are done.</summary>
    public int Batch { get; init; }

    /// <summary>Optimizer steps done in the whole run.</summary>
    public long Step { get; init; }

    /// <summary>Σ loss · target tokens over the batches of this epoch.</summary>
    public double EpochLossSum { get; init; }

    /// <summary>Target tokens of the batches of this epoch.</summary>
    public long EpochTokens { get; init; }

    /// <summary>Seconds spent on this epoch, making batches included, without validation, saving and reports.</summary>
    public double EpochSeconds { get; init; }

    /// <summary>Lowest validation loss so far; null before the first validation.</summary>
    public double? BestValidationLoss { get; init; }

    /// <summary>The step after which the best model was saved last; null before that.</summary>
    public long? BestStep { get; init; }

    /// <summary>Whole epochs since that loss.</summary>
    public int EpochsWithoutGain { get; init; }

    /// <summary>Seconds spent on all epochs, counted like <see cref="EpochSeconds"/>.</summary>
    public double TrainSeconds { get; init; }
}
