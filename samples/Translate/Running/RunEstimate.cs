using Transformer.Training;

namespace Transformer.Samples.Translate.Running;

/// <summary>How much of a run is done, and how long the rest will take.</summary>
/// <param name="epochs">Of the run; null where only the time counts.</param>
/// <param name="minutes">Of training; null for no limit.</param>
internal sealed class RunEstimate(int? epochs, double? minutes)
{
    // The first steps compile code and fill the pools.
    private const int BatchesToWait = 5;

    private StepProgress? first;

    public int? Epochs { get; } = epochs;

    /// <summary>From 0 to 1.</summary>
    public double Share(StepProgress step)
    {
        double byEpochs = Epochs is { } count ? (step.Epoch - 1 + ((double)step.Batch / step.BatchCount)) / count : 0;
        double byTime = minutes is { } limit ? step.TrainSeconds / (60 * limit) : 0;
        return Math.Min(1, Math.Max(byEpochs, byTime));
    }

    /// <summary>Null while the pace is not known.</summary>
    public TimeSpan? Left(StepProgress step)
    {
        first ??= step;
        double? seconds = minutes is { } limit ? (60 * limit) - step.TrainSeconds : null;
        long done = ((long)(step.Epoch - first.Epoch) * step.BatchCount) + step.Batch - first.Batch;
        if (Epochs is { } count && done >= BatchesToWait)
        {
            double pace = (step.TrainSeconds - first.TrainSeconds) / done;
            double byEpochs = pace * (((double)(count - step.Epoch + 1) * step.BatchCount) - step.Batch);
            seconds = Math.Min(seconds ?? byEpochs, byEpochs);
        }

        return seconds is { } left ? TimeSpan.FromSeconds(Math.Max(0, left)) : null;
    }
}
