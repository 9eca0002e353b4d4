using System.CommandLine;
using Benchmarks.Measuring;

namespace Benchmarks.Steps;

/// <summary><c>step</c>: whole training steps, the forward pass alone, and greedy decoding.</summary>
internal static class StepCommand
{
    public static Command Create()
    {
        PresetOptions preset = new();
        Option<int> threads = CommandOptions.Threads();
        Option<int> steps = CommandOptions.AtLeast("--steps", "Timed training steps, at most", 1);
        steps.DefaultValueFactory = _ => 40;
        Option<double> seconds = new("--seconds")
        {
            Description = "End the timed training steps after this long, with at least five",
            HelpName = "S",
            DefaultValueFactory = _ => 20,
        };
        Option<bool> trainOnly = new("--train-only") { Description = "Leave out the forward pass alone and decoding" };
        Option<bool> hog = new("--hog") { Description = "Let another process keep processor 0 busy during the timed steps" };
        Option<bool> json = CommandOptions.Json();
        Command command = new("step", "Training steps of a preset, the forward pass alone, and greedy decoding")
        {
            threads, steps, seconds, trainOnly, hog, json,
        };
        preset.AddTo(command);
        command.SetAction(parsed =>
        {
            StepPreset chosen = preset.Of(parsed);
            StepOptions options = new(
                parsed.GetValue(threads), parsed.GetValue(steps), parsed.GetValue(seconds), parsed.GetValue(trainOnly), parsed.GetValue(hog));
            CommandOptions.UseThreads(options.Threads);
            StepResult result = StepMeasurement.Run(chosen, Workloads.New(chosen), options);
            StepReport.Print(result);
            if (parsed.GetValue(json))
                JsonLine.Write(result);
        });
        return command;
    }
}
