using System.Diagnostics;
using Transformer.Training;

namespace Transformer.Samples.Translate.Output;

/// <summary>A line every few seconds and after each epoch.</summary>
internal sealed class ProgressLines(RunText text, ConsoleOutput output) : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Stopwatch sinceLastLine = Stopwatch.StartNew();

    public void Report(TrainingProgress value)
    {
        if (value is EpochProgress epoch)
            Write(RunText.Epoch(epoch));
        if (value is RecordingProgress recording)
        {
            foreach (string line in RunText.Recording(recording))
                Write(line);
        }

        if (value is StepProgress step)
        {
            text.Add(step);
            string figures = text.Figures(step);
            if (sinceLastLine.Elapsed >= Interval)
                Write($"{text.Place(step)}, batch {step.Batch} of {step.BatchCount}  {figures}");
        }
    }

    private void Write(string line)
    {
        output.Line(line);
        sinceLastLine.Restart();
    }
}
