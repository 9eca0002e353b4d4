using Benchmarks.Measuring;
using static Benchmarks.Measuring.ReportTable;

namespace Benchmarks.Profile;

/// <summary>A <see cref="ProfileResult"/> as a table.</summary>
internal static class ProfileReport
{
    public static void Print(ProfileResult result)
    {
        Console.WriteLine(Text(
            $"{result.Preset}: batch {result.Batch}, length {result.Length}, dropout {result.Dropout}, threads {result.Threads}; mean of {result.Steps} steps; FMA peak {result.PeakGflops:F0} GFLOP/s"));
        ReportTable table = new("operation", "calls", "forward ms", "GFLOP/s", "backward ms", "GFLOP/s", "share");
        foreach (ProfileRow row in result.Operations)
        {
            string name = row.Shapes.Length == 0 ? row.Operation : $"{row.Operation} {row.Shapes}";
            table.Add(name, Text($"{row.CallsPerStep:0.#}"), Ms(row.ForwardMs), Rate(row.ForwardGflops), Ms(row.BackwardMs), Rate(row.BackwardGflops), Share(row.Share));
        }

        table.AddEmptyRow();
        table.Add("all operations", "", Ms(result.ForwardMs), "", Ms(result.BackwardMs), "", Share((result.ForwardMs + result.BackwardMs) / result.MsPerStep));
        Outside(table, "optimizer", result.OptimizerMs, result.MsPerStep);
        Outside(table, "gradient norm", result.NormMs, result.MsPerStep);
        Outside(table, "tape, memory, masks, …", result.OutsideMs, result.MsPerStep);
        Outside(table, "training step", result.MsPerStep, result.MsPerStep);
        table.Print();
        NoiseText.Print(result.OthersCpus);
    }

    // Time that is neither forward nor backward stands between the two.
    private static void Outside(ReportTable table, string name, double ms, double stepMs) =>
        table.Add(name, "", "", Ms(ms), "", "", Share(ms / stepMs));

    private static string Ms(double value) => Text($"{value:F3}");

    private static string Rate(double gflops) => gflops > 0 ? Text($"{gflops:F0}") : string.Empty;

    private static string Share(double value) => Text($"{value:P1}");
}
