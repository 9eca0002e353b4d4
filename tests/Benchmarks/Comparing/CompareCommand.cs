using System.CommandLine;
using System.Diagnostics;
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
        Option<int> rounds = CommandOptions.AtLeast("--rounds", "How often everything is measured, in turns", 1);
        rounds.DefaultValueFactory = _ => 3;
        Option<int> threads = CommandOptions.Threads();
        Option<bool> json = CommandOptions.Json();
        Option<string?> file = new("--out") { Description = "Write the result to this file as JSON, too", HelpName = "FILE" };
        Command command = new("compare", "Our engine and PyTorch side by side, with the targets: about four minutes a round") { only, rounds, threads, json, file };
        command.SetAction(parsed =>
        {
            string[] chosen = parsed.GetValue(only) is { Length: > 0 } some ? some : names;
            Comparison comparison = Run(chosen, parsed.GetValue(rounds), parsed.GetValue(threads));
            ComparisonReport.Print(comparison, Console.Out);
            if (parsed.GetValue(file) is { } path)
                File.WriteAllText(path, JsonLine.Text(comparison) + "\n");
            if (parsed.GetValue(json))
                JsonLine.Write(comparison);
        });
        return command;
    }

    private static Comparison Run(string[] parts, int rounds, int threads)
    {
        long began = Stopwatch.GetTimestamp();
        MachineDescription machine = MachineDescription.Measure();
        PyTorch? pyTorch = PyTorch.Find();
        ChildProcesses processes = new();
        Findings findings = new();
        for (int number = 1; number <= rounds; number++)
        {
            string place = $"round {number} of {rounds}";
            Round round = new(number == 1, processes, pyTorch, threads, findings, running => Console.Error.WriteLine($"{place}: {running}"));
            foreach ((string name, _, Action<Round> measure) in Parts.All)
            {
                if (parts.Contains(name))
                    measure(round);
            }
        }

        double minutes = Stopwatch.GetElapsedTime(began).TotalMinutes;
        return new Comparison(machine, pyTorch?.Description, threads, rounds, minutes, processes.ThrownAway, findings.Rows());
    }
}
