using System.Globalization;
using Benchmarks.Measuring;

namespace Benchmarks.Comparing;

/// <summary>A <see cref="Comparison"/> as tables in Markdown, whose columns are aligned for reading as they are.</summary>
internal static class ComparisonReport
{
    public static void Print(Comparison comparison, TextWriter output)
    {
        MachineDescription machine = comparison.Machine;
        output.WriteLine(Text(
            $"{machine.Processor}, {machine.Cores} cores, {machine.VectorBits}-bit vectors, FMA peak {machine.PeakGflopsOneThread:F0} GFLOP/s on one thread, {machine.PeakGflops:F0} on all; {machine.Runtime}"));
        output.WriteLine(comparison.PyTorch ?? PyTorch.HowToInstall);
        output.WriteLine(Text($"{comparison.Threads} threads, {(comparison.Rounds == 1 ? "one round" : $"{comparison.Rounds} rounds")} in {comparison.Minutes:F1} minutes; median [least … most] of the rounds; ratio: how many times better ours is."));
        if (comparison.RunsThrownAway > 0)
            output.WriteLine(Text($"Runs thrown away and repeated, because other processes took more than {Noise.Tolerable} cores: {comparison.RunsThrownAway}."));
        foreach ((string name, string title, _) in Parts.All)
        {
            ComparisonRow[] rows = [.. comparison.Rows.Where(row => row.Part == name)];
            if (rows.Length > 0)
                PrintTable(title, rows, output);
        }

        ComparisonRow[] judged = [.. comparison.Rows.Where(row => row.Met is not null)];
        output.WriteLine();
        output.WriteLine(Text($"{judged.Count(row => row.Met == true)} of {judged.Length} targets met."));
        if (comparison.Rows.Any(row => row.Noisy))
            output.WriteLine("* noisy: other processes took more than a tenth of a core in each of several attempts; do not use this row.");
        output.WriteLine("Time over length, batch and model size, with the fitted exponents: verb `scaling`.");
    }

    private static void PrintTable(string title, ComparisonRow[] rows, TextWriter output)
    {
        string[] head = ["", "ours", "PyTorch", "ratio", "target", "met"];
        string[][] cells = [head, .. rows.Select(Cells)];
        int[] widths = [.. head.Select((_, column) => cells.Max(row => row[column].Length))];
        output.WriteLine();
        output.WriteLine($"**{title}**");
        output.WriteLine();
        WriteLine(head);
        output.WriteLine("|" + string.Join('|', widths.Select((width, column) => column == 0 ? new string('-', width + 2) : new string('-', width + 1) + ":")) + "|");
        foreach (string[] row in cells[1..])
            WriteLine(row);

        void WriteLine(string[] row) => output.WriteLine(
            "| " + string.Join(" | ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))) + " |");
    }

    private static string[] Cells(ComparisonRow row) =>
    [
        row.Name + (row.Noisy ? " *" : string.Empty),
        SpreadText(row.Ours, row.Unit),
        SpreadText(row.PyTorch, row.Unit),
        SpreadText(row.Ratio, "×"),
        row.Target ?? string.Empty,
        row.Met switch { true => "yes", false => "no", null => string.Empty },
    ];

    private static string SpreadText(Spread? spread, string unit) => spread switch
    {
        null => string.Empty,
        { Count: 1 } one => $"{Number(one.Median)} {unit}",
        { } many => $"{Number(many.Median)} {unit} [{Number(many.Minimum)} … {Number(many.Maximum)}]",
    };

    private static string Number(double value) =>
        value.ToString(value switch { >= 1000 => "N0", >= 100 or 0 => "F0", >= 10 => "F1", >= 1 => "F2", _ => "F3" }, CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
