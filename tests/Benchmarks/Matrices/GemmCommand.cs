using System.CommandLine;
using System.Globalization;
using Benchmarks.Measuring;
using Benchmarks.Peak;

namespace Benchmarks.Matrices;

/// <summary><c>gemm</c>: matrix products in GFLOP/s, in shapes that Transformers use.</summary>
internal static class GemmCommand
{
    public static Command Create()
    {
        Option<int> threads = CommandOptions.Threads();
        Option<bool> batched = new("--only-batched") { Description = "The batches of attention alone" };
        Option<bool> json = CommandOptions.Json();
        Command command = new("gemm", "Matrix products: batch x rows x inner x columns, A and B normal (N) or transposed (T)") { threads, batched, json };
        command.SetAction(parsed =>
        {
            int count = parsed.GetValue(threads);
            double peak = PeakLoops.QuickGflops(count);
            ProductResult result = ProductTable.Measure(count, parsed.GetValue(batched), row => Print(row, peak));
            NoiseText.Print(result.OthersCpus);
            if (parsed.GetValue(json))
                JsonLine.Write(result);
        });
        return command;
    }

    private static void Print(ProductRow row, double peak) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Name,-26} {row.Gflops.Median,8:F1} GFLOP/s [{row.Gflops.Minimum:F1} … {row.Gflops.Maximum:F1}] {row.Gflops.Median / peak,6:P0} of FMA peak"));
}
