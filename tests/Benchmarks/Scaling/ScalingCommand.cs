using System.CommandLine;
using Benchmarks.Measuring;
using Benchmarks.Steps;
using static Benchmarks.Measuring.ReportTable;

namespace Benchmarks.Scaling;

/// <summary>
/// <c>scaling</c>: time and memory of a training step over sequence length, batch and model size, each point in a process of its
/// own, and the exponents of the power laws that fit them.
/// </summary>
internal static class ScalingCommand
{
    // A point that others disturbed is measured again, at most so often.
    private const int Attempts = 3;

    public static Command Create()
    {
        Option<string?> series = new("--series") { Description = "Only one of them [default: all]" };
        series.AcceptOnlyFromAmong([.. ScalingSeries.All.Select(one => one.Name)]);
        Option<double> seconds = new("--seconds")
        {
            Description = "Time for the steps of each point, with at least five",
            HelpName = "S",
            DefaultValueFactory = _ => 3,
        };
        Option<int> threads = CommandOptions.Threads();
        Option<bool> json = CommandOptions.Json();
        Option<string?> path = CommandOptions.Out();
        Command command = new("scaling", "Time and memory of a training step over sequence length, batch and model size") { series, seconds, threads, json, path };
        command.SetAction(parsed =>
        {
            ResultFile file = new(parsed.GetValue(path));
            string? only = parsed.GetValue(series);
            List<ScalingResult> results = [];
            foreach (ScalingSeries one in ScalingSeries.All.Where(one => only is null || one.Name == only))
            {
                results.Add(Measure(one, parsed.GetValue(threads), parsed.GetValue(seconds)));
                Print(results[^1]);
            }

            file.Write(results);
            if (parsed.GetValue(json))
                JsonLine.Write(results);
        });
        return command;
    }

    private static ScalingResult Measure(ScalingSeries series, int threads, double seconds)
    {
        ScalingPoint[] points = [.. series.Values.Select(value => Measure(series, value, threads, seconds))];
        return new ScalingResult(series.Name, string.Join(' ', series.Others), points);
    }

    private static ScalingPoint Measure(ScalingSeries series, int value, int threads, double seconds)
    {
        for (int attempt = 1; ; attempt++)
        {
            StepResult step = JsonLine.Read<StepResult>(SelfProcess.LastLine(series.Arguments(value, threads, seconds)));
            if (!step.TooNoisy || attempt == Attempts)
                return ScalingPoint.Of(value, step);
        }
    }

    private static void Print(ScalingResult result)
    {
        Console.WriteLine(Text($"{result.Series} ({result.Options}): time ∝ {result.Series}^{result.TimeExponent:F2}, peak memory ∝ {result.Series}^{result.MemoryExponent:F2}"));
        ReportTable table = new(result.Series, "ms a step", "from … to", "× time", "GFLOP/s", "peak MiB", "× memory", "");
        ScalingPoint? before = null;
        foreach (ScalingPoint point in result.Points)
        {
            table.Add(
                Text($"{point.Size}"), Text($"{point.MsPerStep:F2}"), Text($"{point.MinMsPerStep:F2} … {point.MaxMsPerStep:F2}"),
                before is null ? "" : Text($"{point.MsPerStep / before.MsPerStep:F2}"), Text($"{point.Gflops:F0}"),
                Text($"{point.PeakMemoryMB:F0}"), before is null ? "" : Text($"{point.PeakMemoryMB / before.PeakMemoryMB:F2}"),
                point.TooNoisy ? Text($"noisy: others took {point.OthersCpus:F2} processors") : "");
            before = point;
        }

        table.Print();
    }
}
