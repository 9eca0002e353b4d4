using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Benchmarks.Measuring;
using Benchmarks.Peak;

namespace Benchmarks.Comparing;

/// <summary>A line of the comparison: the rounds' values of one thing, ours and PyTorch's.</summary>
internal sealed record ComparisonRow
{
    /// <summary>The part of the comparison, as <c>--only</c> names it.</summary>
    public required string Part { get; init; }

    public required string Name { get; init; }

    public required string Unit { get; init; }

    /// <summary>Over the rounds; null where only the ratio means something.</summary>
    public Spread? Ours { get; init; }

    /// <summary>Null where PyTorch has no such figure or is not installed.</summary>
    public Spread? PyTorch { get; init; }

    /// <summary>How many times better ours is: that of each round, from runs that followed each other.</summary>
    public Spread? Ratio { get; init; }

    /// <summary>What is aimed at, in words; null where nothing is.</summary>
    public string? Target { get; init; }

    /// <summary>Whether the median meets it; null where there is no target or no figure.</summary>
    public bool? Met { get; init; }

    /// <summary>True where one of the runs stayed noisy however often it was repeated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Noisy { get; init; }
}

/// <summary>What the figures were measured on.</summary>
internal sealed record MachineDescription(string Processor, int Cores, int VectorBits, double PeakGflopsOneThread, double PeakGflops, string OperatingSystem, string Runtime)
{
    public static MachineDescription Measure() => new(
        ProcessorName(), Environment.ProcessorCount, Transformer.Kernels.Execution.VectorBits,
        Peak(1), Peak(Environment.ProcessorCount),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    // What others take from one of the tries is not the machine's.
    private static double Peak(int threads) => Enumerable.Range(0, 3).Max(_ => PeakLoops.QuickGflops(threads));

    private static string ProcessorName()
    {
        const string Source = "/proc/cpuinfo";
        const string Field = "model name";
        string? line = File.Exists(Source) ? File.ReadLines(Source).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line is null
            ? RuntimeInformation.ProcessArchitecture.ToString()
            : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}

/// <summary>All that the verb <c>compare</c> found; the names are those of its JSON.</summary>
/// <param name="Machine">Where.</param>
/// <param name="PyTorch">Which PyTorch and how it was set up; null where there is none.</param>
/// <param name="Threads">On both sides, unless a row says otherwise.</param>
/// <param name="Rounds">How often everything was measured.</param>
/// <param name="Minutes">What it took.</param>
/// <param name="RunsThrownAway">Runs in which others took more than a tenth of a core.</param>
/// <param name="Rows">The figures.</param>
internal sealed record Comparison(
    MachineDescription Machine, string? PyTorch, int Threads, int Rounds, double Minutes, int RunsThrownAway, IReadOnlyList<ComparisonRow> Rows);
