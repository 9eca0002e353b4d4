using System.Text.Json.Serialization;
using Benchmarks.Measuring;

namespace Benchmarks.Steps;

/// <summary>What the verb <c>step</c> measured. The names are those of its JSON.</summary>
internal sealed record StepResult
{
    public required string Preset { get; init; }

    public required int Threads { get; init; }

    public required int Batch { get; init; }

    public required int Length { get; init; }

    public required double Dropout { get; init; }

    public required long Parameters { get; init; }

    /// <summary>Timed training steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Milliseconds of a training step, median.</summary>
    public required double MsPerStep { get; init; }

    public required double MinMsPerStep { get; init; }

    public required double MaxMsPerStep { get; init; }

    /// <summary>Padding not counted.</summary>
    public required double TargetTokensPerSecond { get; init; }

    /// <summary>In the count of <see cref="FlopCount"/>.</summary>
    public required double Gflops { get; init; }

    /// <summary>The FMA peak that was measured with as many threads, in GFLOP/s.</summary>
    public required double PeakGflops { get; init; }

    /// <summary>Gflops / PeakGflops.</summary>
    public required double PeakShare { get; init; }

    /// <summary>Most resident memory up to the last training step, in MiB.</summary>
    public required double PeakMemoryMB { get; init; }

    /// <summary>Managed allocation of all threads.</summary>
    public required double AllocatedBytesPerStep { get; init; }

    /// <summary>Garbage collections during the timed steps.</summary>
    public required int Gen0Collections { get; init; }

    public required int Gen1Collections { get; init; }

    public required int Gen2Collections { get; init; }

    public required double FirstLoss { get; init; }

    public required double LastLoss { get; init; }

    /// <summary>Processors that others took during the timed steps; null where unknown.</summary>
    public required double? OthersCpus { get; init; }

    /// <summary>Whether a process of our own held one core during the timed steps.</summary>
    public required bool Hog { get; init; }

    /// <summary>Whether others took so much that the run is not to be used.</summary>
    public bool TooNoisy => !Hog && Noise.IsTooMuch(OthersCpus);

    /// <summary>Milliseconds of a batch's loss without gradients.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ForwardMs { get; init; }

    /// <summary>Tokens that greedy decoding makes for each row.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DecodeLength { get; init; }

    /// <summary>Of a whole batch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DecodeTokensPerSecond { get; init; }

    /// <summary>Of one sentence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DecodeTokensPerSecondBatch1 { get; init; }
}
