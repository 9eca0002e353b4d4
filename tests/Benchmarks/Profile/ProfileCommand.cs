using System.CommandLine;
using Benchmarks.Measuring;
using Benchmarks.Steps;

namespace Benchmarks.Profile;

/// <summary><c>profile</c>: the time of each operation in a training step, and what lies outside of operations.</summary>
internal static class ProfileCommand
{
    public static Command Create()
    {
        PresetOptions preset = new();
        Option<int> threads = CommandOptions.Threads();
        Option<int> steps = CommandOptions.AtLeast("--steps", "Training steps to take the mean of", 1);
        steps.DefaultValueFactory = _ => 20;
        Option<bool> shapes = new("--shapes") { Description = "Tell operations of one kind apart by their shapes" };
        Option<bool> json = CommandOptions.Json();
        Command command = new("profile", "Time of each operation in a training step, forwards and backwards") { threads, steps, shapes, json };
        preset.AddTo(command);
        command.SetAction(parsed =>
        {
            StepPreset chosen = preset.Of(parsed);
            CommandOptions.UseThreads(parsed.GetValue(threads));
            ProfileResult result = ProfileMeasurement.Run(
                chosen, Workloads.New(chosen), parsed.GetValue(threads), parsed.GetValue(steps), parsed.GetValue(shapes));
            ProfileReport.Print(result);
            if (parsed.GetValue(json))
                JsonLine.Write(result);
        });
        return command;
    }
}
