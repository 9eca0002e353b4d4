using Transformer.Training.Recordings;

namespace Transformer.Training;

/// <summary>How a <see cref="Trainer"/> trains.</summary>
public sealed record TrainerOptions
{
    /// <summary>Passes over the training pairs.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>No further step starts after this much training time; null for no limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>ε of label smoothing in the training loss (validation has none).</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Gradients are clipped to this global norm; 0 for no clipping.</summary>
    public double LargestGradientNorm { get; init; } = 1;

    /// <summary>Batches whose gradients are added, weighted by their target tokens, before each step.</summary>
    public int BatchesPerStep { get; init; } = 1;

    /// <summary>Ends the run after this many epochs in a row without a better validation loss; 0 never does.</summary>
    public int Patience { get; init; }

    /// <summary>Saves a checkpoint after every so many steps; 0 saves at the end of epochs only.</summary>
    public int SaveSteps { get; init; }

    /// <summary>
    /// Decay of a <see cref="MovingAverage"/> of the parameters, in (0, 1), which is then what is validated and saved as the best
    /// model; 0 for none.
    /// </summary>
    public double AverageDecay { get; init; }

    /// <summary>Which steps are recorded; null for none.</summary>
    public RecordingPlan? Recordings { get; init; }

    /// <summary>Throws where a setting makes no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names it.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Epochs);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchesPerStep, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Patience);
        ArgumentOutOfRangeException.ThrowIfNegative(SaveSteps);
        Recordings?.Validate();
        if (!(LabelSmoothing >= 0 && LabelSmoothing < 1))
            throw new ArgumentOutOfRangeException(nameof(LabelSmoothing), LabelSmoothing, "Label smoothing is from 0 to below 1.");
        if (!(AverageDecay >= 0 && AverageDecay < 1))
            throw new ArgumentOutOfRangeException(nameof(AverageDecay), AverageDecay, "The decay of an average is from 0, for none, to below 1.");
        if (!(LargestGradientNorm >= 0))
            throw new ArgumentOutOfRangeException(nameof(LargestGradientNorm), LargestGradientNorm, "A norm is 0 or more; 0 turns clipping off.");
    }
}
