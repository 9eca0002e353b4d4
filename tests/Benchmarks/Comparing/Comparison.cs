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

    /// <summary>Whether the median meets it; null where there is no target, no figure or no quiet round.</summary>
    public bool? Met { get; init; }

    /// <summary>True where no round was quiet, however often it was repeated. Else the figures are those of the quiet rounds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Noisy { get; init; }
}

/// <summary>What the figures were measured on.</summary>
internal sealed record MachineDescription(string Processor, int Cores, int VectorBits, double PeakGflopsOneThread, double PeakGflops, string OperatingSystem, string Runtime)
{
    public static MachineDescription Measure() => new(
        ProcessorName(), Environment.ProcessorCount, Transformer.Kernels.Execution.VectorBits,
        PeakLoops.QuickGflops(1), PeakLoops.QuickGflops(Environment.ProcessorCount),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

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
/// <param name="Rounds">How often everything was measured, to the end.</param>
/// <param name="Minutes">What it took.</param>
/// <param name="RunsThrownAway">Runs in which others took more than a tenth of a core.</param>
/// <param name="Rows">The figures.</param>
internal sealed record Comparison(
    MachineDescription Machine, string? PyTorch, int Threads, int Rounds, double Minutes, int RunsThrownAway, IReadOnlyList<ComparisonRow> Rows);
