using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Benchmarks.Measuring;

namespace Benchmarks.Comparing;

/// <summary><c>compare</c>: our engine and PyTorch on this machine, side by side, against the targets.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        string[] names = [.. Parts.All.Select(part => part.Name)];
        Option<string[]> only = new("--only") { Description = "Measure this part alone; may be given several times", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong(names);
        Option<string[]> presets = new("--preset")
        {
            Description = "Steps and memory of this preset alone; may be given several times",
            AllowMultipleArgumentsPerToken = true,
        };
        presets.AcceptOnlyFromAmong(Parts.Presets);
        Option<int> rounds = CommandOptions.AtLeast("--rounds", "How often everything is measured, in turns", 1);
        rounds.DefaultValueFactory = _ => 3;
        Option<int> threads = CommandOptions.AtLeast("--threads", "Threads on both sides; the targets are for two", 1);
        threads.DefaultValueFactory = _ => Math.Min(2, Environment.ProcessorCount);
        Option<bool> json = CommandOptions.Json();
        Option<string?> file = CommandOptions.Out();
        Command command = new("compare", "Our engine and PyTorch side by side, with the targets: about five minutes a round") { only, presets, rounds, threads, json, file };
        command.SetAction(parsed =>
        {
            ResultFile result = new(parsed.GetValue(file));
            Comparison comparison = Run(
                Chosen(parsed.GetValue(only), names), Chosen(parsed.GetValue(presets), Parts.Presets), parsed.GetValue(rounds), parsed.GetValue(threads));
            ComparisonReport.Print(comparison, Console.Out);
            result.Write(comparison);
            if (parsed.GetValue(json))
                JsonLine.Write(comparison);
            return comparison.Rounds == parsed.GetValue(rounds) ? 0 : 1;
        });
        return command;
    }

    private static string[] Chosen(string[]? some, string[] all) => some is { Length: > 0 } ? some : all;

    private static Comparison Run(string[] parts, string[] presets, int rounds, int threads)
    {
        long began = Stopwatch.GetTimestamp();
        MachineDescription machine = MachineDescription.Measure();
        PyTorch? pyTorch = PyTorch.Find();
        ChildProcesses processes = new();
        Findings findings = new();
        int finished = 0;
        try
        {
            for (; finished < rounds; finished++)
                RunRound(finished + 1);
        }
        catch (Exception exception) when (exception is ChildFailedException or JsonException)
        {
            // What was measured until here is worth having.
            Console.Error.WriteLine($"error: {exception.Message}");
        }

        double minutes = Stopwatch.GetElapsedTime(began).TotalMinutes;
        return new Comparison(machine, pyTorch?.Description, threads, finished, minutes, processes.ThrownAway, findings.Rows());

        void RunRound(int number)
        {
            string place = $"round {number} of {rounds}";
            Round round = new(processes, pyTorch, threads, findings, running => Console.Error.WriteLine($"{place}: {running}"))
            {
                IsFirst = number == 1,
                Presets = presets,
            };
            foreach ((string name, _, Action<Round> measure) in Parts.All)
            {
                if (parts.Contains(name))
                    measure(round);
            }
        }
    }
}
