using System.CommandLine;
using System.Globalization;
using Benchmarks.Measuring;

namespace Benchmarks.Operations;

/// <summary><c>ops</c>: single operations, forward and backward, and what a node of the graph costs.</summary>
internal static class OpsCommand
{
    public static Command Create()
    {
        Option<int> threads = CommandOptions.Threads();
        Option<bool> json = CommandOptions.Json();
        Command command = new("ops", "Single operations on the tape, forward and backward, and the cost of a node of the graph") { threads, json };
        command.SetAction(parsed =>
        {
            OperationResult result = new OperationTable(Print).Measure(parsed.GetValue(threads));
            NoiseText.Print(result.OthersCpus);
            if (parsed.GetValue(json))
                JsonLine.Write(result);
        });
        return command;
    }

    private static void Print(OperationRow row)
    {
        string forward = row.Forward is { } spread ? Text(spread) : "–";
        string node = row.Name == OperationTable.ChainName
            ? string.Create(CultureInfo.InvariantCulture, $"   {row.ForwardBackward.Median * 1e3 / OperationTable.ChainLength:F0} ns an addition")
            : string.Empty;
        Console.WriteLine($"{row.Name,-44} forward {forward,-36} with backward {Text(row.ForwardBackward)}{node}");
    }

    private static string Text(Spread spread) => string.Create(
        CultureInfo.InvariantCulture, $"{spread.Median,9:F1} µs [{spread.Minimum:F1} … {spread.Maximum:F1}]");
}
