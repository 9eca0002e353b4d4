using Training.Tests.Data;
using Transformer.Training;
using Xunit;

namespace Training.Tests;

public sealed class TrainingHistoryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_curve_holds_every_loss_until_it_is_full()
    {
        LossCurve curve = Line(LossCurve.Most - 1);
        Assert.Equal(Enumerable.Range(1, LossCurve.Most - 1).Select(step => new LossPoint(step, 2 * step)), curve.Points);
    }

    [Theory]
    [InlineData(LossCurve.Most)]
    [InlineData(LossCurve.Most + 1)]
    [InlineData(100_000)]
    public void A_full_curve_is_made_of_means_over_equally_many_steps(int steps)
    {
        LossCurve curve = Line(steps);
        int width = curve.LossesInPoint;
        Assert.InRange(curve.Points.Count, LossCurve.Most / 2, LossCurve.Most - 1);
        Assert.Equal(steps / width, curve.Points.Count);
        // Point i is the mean of the steps from i · width + 1 to (i + 1) · width.
        Assert.Equal(
            Enumerable.Range(0, curve.Points.Count).Select(i => (i * width) + ((width + 1) / 2.0)), curve.Points.Select(point => point.Step));
        Assert.All(curve.Points, point => Assert.Equal(2 * point.Step, point.Loss));
    }

    [Fact]
    public void A_curve_that_was_saved_at_any_step_goes_on_to_the_same_points()
    {
        LossCurve whole = new();
        LossCurve resumed = new();
        for (int step = 1; step <= 5000; step++)
        {
            whole.Add(step, Math.Sin(step));
            resumed.Add(step, Math.Sin(step));
            if (step % 37 == 0)
                resumed = LossCurve.FromNumbers(resumed.ToNumbers());
        }

        Assert.Equal(whole.ToNumbers(), resumed.ToNumbers());
    }

    [Fact]
    public void Numbers_that_are_no_curve_are_refused()
    {
        foreach (double[] numbers in (double[][])[[], [1, 0, 0], [0, 0, 0, 0], [1, -1, 0, 0], [1, 0, 0, 0, 7], [double.NaN, 0, 0, 0]])
            Assert.Throws<FormatException>(() => LossCurve.FromNumbers(numbers));
    }

    [Fact]
    public void A_resumed_run_has_the_curves_of_one_that_never_stopped()
    {
        TrainerOptions options = new() { Epochs = 2, SaveSteps = 3 };
        ToyRun whole = new(options);
        Listener reports = new();
        whole.Trainer.Run(reports);
        Assert.Equal(reports.Steps.Select(step => new LossPoint(step.Step, step.Loss)), whole.Trainer.History.Training.Points);
        Assert.Equal(reports.Epochs.Select(epoch => new LossPoint(epoch.Step, epoch.ValidationLoss!.Value)), whole.Trainer.History.Validation.Points);

        // The checkpoint of step 11, the epoch's end, knows of its validation.
        string file = folder["checkpoint.safetensors"];
        foreach (int stop in (int[])[5, 11, 13])
        {
            using CancellationTokenSource source = new();
            ToyRun first = new(options);
            first.SaveTo(file);
            first.Trainer.Run(new Listener(report => { if (report is StepProgress step && step.Step == stop) source.Cancel(); }), source.Token);
            ToyRun second = new(options);
            second.LoadFrom(file);
            second.Trainer.Run();
            Assert.Equal(whole.Trainer.History.Training.Points, second.Trainer.History.Training.Points);
            Assert.Equal(whole.Trainer.History.Validation.Points, second.Trainer.History.Validation.Points);
        }
    }

    private static LossCurve Line(int steps)
    {
        LossCurve curve = new();
        for (int step = 1; step <= steps; step++)
            curve.Add(step, 2 * step);
        return curve;
    }
}
