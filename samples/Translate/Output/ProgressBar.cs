using Spectre.Console;
using Spectre.Console.Rendering;
using Transformer.Samples.Translate.Running;
using Transformer.Training;

namespace Transformer.Samples.Translate.Output;

/// <summary>A bar with loss, tokens per second and time left; finished epochs stand above it.</summary>
internal sealed class ProgressBar : IProgress<TrainingProgress>
{
    private readonly ProgressTask task;
    private readonly FiguresColumn figures;
    private readonly RunText text;
    private readonly RunEstimate estimate;
    private readonly ConsoleOutput output;

    private ProgressBar(ProgressTask task, FiguresColumn figures, RunEstimate estimate, ConsoleOutput output)
    {
        this.task = task;
        this.figures = figures;
        this.estimate = estimate;
        this.output = output;
        text = new RunText(estimate);
    }

    public static T Track<T>(
        IAnsiConsole terminal, RunEstimate estimate, ConsoleOutput output, Func<IProgress<TrainingProgress>, T> run)
    {
        FiguresColumn figures = new();
        return terminal.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 20 }, new PercentageColumn(), figures)
            .Start(context =>
            {
                ProgressTask task = context.AddTask("starting", maxValue: 1);
                return run(new ProgressBar(task, figures, estimate, output));
            });
    }

    public void Report(TrainingProgress value)
    {
        if (value is EpochProgress epoch)
            output.Line(RunText.Epoch(epoch));
        if (value is RecordingProgress recording)
        {
            foreach (string line in RunText.Recording(recording))
                output.Line(line);
        }

        if (value is StepProgress step)
        {
            text.Add(step);
            task.Description = text.Place(step);
            figures.Text = text.Figures(step);
            task.Value = estimate.Share(step);
        }
    }

    private sealed class FiguresColumn : ProgressColumn
    {
        private volatile string text = "";

        // Set by the training thread, read by the one that draws.
        public string Text
        {
            set => text = value;
        }

        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(text);
    }
}
