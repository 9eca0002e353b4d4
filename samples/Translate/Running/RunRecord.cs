using System.Diagnostics;
using Transformer.Training;

namespace Transformer.Samples.Translate.Running;

/// <summary>
/// What this process did of a run, for the figures of the result. It measures only what was done here; a resumed run began
/// elsewhere.
/// </summary>
/// <param name="trainer">Whose run it is, before it goes on.</param>
/// <param name="display">Is told everything, too.</param>
internal sealed class RunRecord(Trainer trainer, IProgress<TrainingProgress> display) : IProgress<TrainingProgress>
{
    private readonly List<double> wholeEpochSeconds = [];
    private readonly double secondsBefore = trainer.Position.TrainSeconds;
    private long epochTokensSeen = trainer.Position.EpochTokens;
    private bool beganWithin = trainer.Position.Batch > 0;
    private StepProgress? lastStep;
    private long tokens;
    private double batches;

    /// <summary>Over all steps of this process; null before the first.</summary>
    public double? TargetTokensPerSecond => lastStep is null ? null : tokens / Seconds;

    /// <summary>Median over the epochs that were done here from beginning to end; where there is none, what one would take at this pace.</summary>
    public double? SecondsPerEpoch => wholeEpochSeconds.Count > 0 ? Median(wholeEpochSeconds)
        : lastStep is null ? null
        : Seconds / batches * lastStep.BatchCount;

    /// <summary>From the start of the process to the end of its first step; null before that.</summary>
    public double? SecondsToFirstStep { get; private set; }

    private double Seconds => lastStep!.TrainSeconds - secondsBefore;

    public void Report(TrainingProgress value)
    {
        switch (value)
        {
            case StepProgress step:
                Add(step);
                display.Report(step);
                break;
            case EpochProgress epoch:
                Add(epoch);
                display.Report(epoch);
                break;
            default:
                display.Report(value);
                break;
        }
    }

    private void Add(StepProgress step)
    {
        if (lastStep is null)
        {
            using Process process = Process.GetCurrentProcess();
            SecondsToFirstStep = (DateTime.Now - process.StartTime).TotalSeconds;
        }

        batches += step.Batch - (lastStep is { } last && last.Epoch == step.Epoch ? last.Batch : step.Batch - 1);
        lastStep = step;
        long stepTokens = trainer.Position.EpochTokens - epochTokensSeen;
        epochTokensSeen = trainer.Position.EpochTokens;
        tokens += stepTokens;
    }

    private void Add(EpochProgress epoch)
    {
        if (!beganWithin && trainer.Position.Batch == 0)
            wholeEpochSeconds.Add(epoch.Seconds);
        (beganWithin, epochTokensSeen) = (false, trainer.Position.EpochTokens);
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
