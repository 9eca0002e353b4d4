using Benchmarks.Measuring;
using static Benchmarks.Measuring.ReportTable;

namespace Benchmarks.Steps;

/// <summary>A <see cref="StepResult"/> as a table.</summary>
internal static class StepReport
{
    public static void Print(StepResult result)
    {
        Console.WriteLine(Title(result));
        ReportTable table = new ReportTable("measured", "value").WithoutHeads();
        void Row(string name, FormattableString value) => table.Add(name, Text(value));
        Row("training step", $"{result.MsPerStep:F2} ms");
        Row($"  of {result.Steps} steps, from … to", $"{result.MinMsPerStep:F2} … {result.MaxMsPerStep:F2} ms");
        Row("target tokens", $"{result.TargetTokensPerSecond:N0} /s");
        Row("matrix products, padding counted", $"{result.Gflops:F1} GFLOP/s");
        Row("  of the measured FMA peak", $"{result.PeakShare:P1} of {result.PeakGflops:F0}");
        Row("peak resident memory", $"{result.PeakMemoryMB:F0} MiB");
        Row("managed allocation", $"{result.AllocatedBytesPerStep / 1024:F1} KiB a step");
        Row("garbage collections 0, 1, 2", $"{result.Gen0Collections}, {result.Gen1Collections}, {result.Gen2Collections}");
        Row("loss, first … last step", $"{result.FirstLoss:F4} … {result.LastLoss:F4}");
        if (result.ForwardMs is { } forward)
            Row("forward only", $"{forward:F2} ms");
        if (result.DecodeTokensPerSecond is { } tokens)
            Row($"greedy decoding, batch {result.Batch}, {result.DecodeLength} tokens", $"{tokens:N0} tokens/s");
        if (result.DecodeTokensPerSecondBatch1 is { } one)
            Row($"greedy decoding, batch 1, {result.DecodeLength} tokens", $"{one:N0} tokens/s");
        table.Print();
        NoiseText.Print(result.OthersCpus, result.Hog);
    }

    private static string Title(StepResult result) => Text(
        $"{result.Preset}: {result.Parameters:N0} parameters, batch {result.Batch}, length {result.Length}, dropout {result.Dropout}, threads {result.Threads}");
}
