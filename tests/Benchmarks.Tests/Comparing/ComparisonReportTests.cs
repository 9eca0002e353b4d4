using Benchmarks.Comparing;
using Benchmarks.Measuring;
using Xunit;

namespace Benchmarks.Tests.Comparing;

public class ComparisonReportTests
{
    private static readonly MachineDescription Machine = new("Some processor", 2, 512, 100, 200, "Linux", ".NET");

    private static readonly Comparison Measured = new(Machine, "PyTorch 1.13.1, tuned", 2, 3, 10, 1,
    [
        new()
        {
            Part = Parts.Steps, Name = "tiny", Unit = "ms", Ours = new Spread(7, 6.5, 7.5, 3), PyTorch = new Spread(28, 27, 29, 3),
            Ratio = new Spread(4, 3.9, 4.1, 3), Target = "≥ 4 ×", Met = true,
        },
        new() { Part = Parts.Gemm, Name = "geometric mean", Unit = "", Ratio = new Spread(1.234, 1.234, 1.234, 1), Target = "≥ 1.1 ×", Met = true },
        new() { Part = Parts.Gemm, Name = "32 x 32 x 32", Unit = "GFLOP/s", Ours = new Spread(1234, 1234, 1234, 1), Target = "≥ 0.95 ×", Met = false, Noisy = true },
    ]);

    [Fact]
    public void Rows_stand_in_Markdown_under_their_part()
    {
        string text = Report(Measured);
        Assert.Contains("**Training step of a translator**", text, StringComparison.Ordinal);
        Assert.Contains("| tiny | 7.00 ms [6.50 … 7.50] | 28.0 ms [27.0 … 29.0] | 4.00 × [3.90 … 4.10] |  ≥ 4 × | yes |", text, StringComparison.Ordinal);
        Assert.Contains("1.23 × |", text, StringComparison.Ordinal);
        Assert.Contains("1,234 GFLOP/s", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Greedy decoding", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_machine_PyTorch_and_what_was_thrown_away_are_said()
    {
        string text = Report(Measured);
        Assert.Contains("Some processor, 2 cores, 512-bit vectors, FMA peak 100 GFLOP/s on one thread, 200 on all", text, StringComparison.Ordinal);
        Assert.Contains("PyTorch 1.13.1, tuned", text, StringComparison.Ordinal);
        Assert.Contains("took more than 0.1 cores: 1.", text, StringComparison.Ordinal);
        Assert.Contains("32 x 32 x 32 *", text, StringComparison.Ordinal);
        Assert.Contains("* noisy", text, StringComparison.Ordinal);
        Assert.Contains("2 of 3 targets met", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_PyTorch_it_says_how_to_install_it() =>
        Assert.Contains("apt-get install python3-torch python3-numpy libopenblas0-openmp", Report(Measured with { PyTorch = null }), StringComparison.Ordinal);

    private static string Report(Comparison comparison)
    {
        using StringWriter output = new();
        ComparisonReport.Print(comparison, output);
        return output.ToString();
    }
}
