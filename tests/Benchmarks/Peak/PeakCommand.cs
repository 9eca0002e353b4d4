using System.CommandLine;
using System.Runtime.InteropServices;
using Benchmarks.Measuring;
using Transformer.Kernels;
using static Benchmarks.Measuring.ReportTable;

namespace Benchmarks.Peak;

/// <summary><c>peak</c>: what the machine can do at most, one thread and all of them.</summary>
internal static class PeakCommand
{
    private static readonly (string Name, int Bytes)[] Levels =
        [("16 KiB (level 1)", 16 << 10), ("512 KiB (level 2)", 512 << 10), ("8 MiB (level 3)", 8 << 20), ("256 MiB (memory)", 256 << 20)];

    private static readonly int[] VectorBits = [512, 256, 128];

    public static Command Create()
    {
        Option<int> threads = CommandOptions.Threads();
        Option<bool> json = CommandOptions.Json();
        Command command = new("peak", "The machine's FMA rate and the bandwidth of caches and memory, one thread and all") { threads, json };
        command.SetAction(parsed =>
        {
            PeakResult result = Measure(parsed.GetValue(threads));
            Print(result);
            if (parsed.GetValue(json))
                JsonLine.Write(result);
        });
        return command;
    }

    private static PeakResult Measure(int most)
    {
        Noise noise = new();
        List<PeakRow> rows = [];
        foreach (int threads in new[] { 1, Math.Min(most, Environment.ProcessorCount) }.Distinct())
        {
            void Add(string what, string unit, Func<PeakLoop> newLoop)
            {
                Spread rate = PeakRate.PerSecond(newLoop, threads) * 1e-9;
                rows.Add(new PeakRow(what, threads, unit, rate.Median, rate.Minimum, rate.Maximum));
            }

            foreach (int bits in VectorBits.Where(bits => bits <= Execution.VectorBits))
                Add($"FMA, {bits}-bit vectors", "GFLOP/s", () => PeakLoops.MultiplyAdd(bits));
            foreach ((string name, int bytes) in Levels)
            {
                Add($"read {name}", "GB/s", () => PeakLoops.Read(bytes));
                Add($"triad {name}", "GB/s", () => PeakLoops.Triad(bytes));
                // The buffers of the largest level are not to lie beside those of the next row.
                GC.Collect();
            }
        }

        return new PeakResult(RuntimeInformation.FrameworkDescription, Execution.VectorBits, noise.Others(), rows);
    }

    private static void Print(PeakResult result)
    {
        Console.WriteLine(Text($"{result.Runtime}, {Environment.ProcessorCount} processors, {result.VectorBits}-bit vectors; medians of nine, buffers for each thread"));
        ReportTable table = new("", "threads", "rate", "from … to", "");
        foreach (PeakRow row in result.Rows)
            table.Add(row.What, Text($"{row.Threads}"), Text($"{row.Rate:F1}"), Text($"{row.Minimum:F1} … {row.Maximum:F1}"), row.Unit);
        table.Print();
        NoiseText.Print(result.OthersCpus);
    }

    /// <summary>The names are those of the JSON.</summary>
    internal sealed record PeakResult(string Runtime, int VectorBits, double? OthersCpus, IReadOnlyList<PeakRow> Rows)
    {
        public bool TooNoisy => Noise.IsTooMuch(OthersCpus);
    }

    /// <summary>One part of the machine.</summary>
    internal sealed record PeakRow(string What, int Threads, string Unit, double Rate, double Minimum, double Maximum);
}
