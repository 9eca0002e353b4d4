using Benchmarks.Measuring;

namespace Benchmarks.Profile;

/// <summary>Where the time of a training step goes; milliseconds a step, in the mean. The names are those of the JSON.</summary>
internal sealed record ProfileResult
{
    public required string Preset { get; init; }

    public required int Threads { get; init; }

    public required int Batch { get; init; }

    public required int Length { get; init; }

    public required double Dropout { get; init; }

    /// <summary>Steps that were profiled.</summary>
    public required int Steps { get; init; }

    /// <summary>A whole step, without what the profile itself took.</summary>
    public required double MsPerStep { get; init; }

    /// <summary>All operations, forwards.</summary>
    public double ForwardMs => Operations.Sum(row => row.ForwardMs);

    /// <summary>All operations, backwards.</summary>
    public double BackwardMs => Operations.Sum(row => row.BackwardMs);

    /// <summary>Parameters and moments changed.</summary>
    public required double OptimizerMs { get; init; }

    /// <summary>The norm of all gradients, which clipping needs; 0 without clipping.</summary>
    public required double NormMs { get; init; }

    /// <summary>The rest: making tensors and operations, tape, memory, masks, batches.</summary>
    public double OutsideMs => MsPerStep - ForwardMs - BackwardMs - OptimizerMs - NormMs;

    /// <summary>The FMA peak that was measured with as many threads, in GFLOP/s.</summary>
    public required double PeakGflops { get; init; }

    /// <summary>Processors that others took meanwhile; null where unknown.</summary>
    public required double? OthersCpus { get; init; }

    /// <summary>Whether others took so much that the run is not to be used.</summary>
    public bool TooNoisy => Noise.IsTooMuch(OthersCpus);

    /// <summary>Longest first.</summary>
    public required IReadOnlyList<ProfileRow> Operations { get; init; }
}

/// <summary>The operations of one kind, or of one kind and shape.</summary>
/// <param name="Operation">The kind.</param>
/// <param name="Shapes">Inputs → output; empty where the kind has one row.</param>
/// <param name="CallsPerStep">How often it runs in a step. (Slices and reshapes share memory and run backwards alone.)</param>
/// <param name="ForwardMs">A step.</param>
/// <param name="BackwardMs">A step.</param>
/// <param name="ForwardGflops">GFLOP/s of the products in it; 0 where it has none.</param>
/// <param name="BackwardGflops">The same backwards.</param>
/// <param name="Share">Of the whole step.</param>
internal sealed record ProfileRow(
    string Operation, string Shapes, double CallsPerStep, double ForwardMs, double BackwardMs, double ForwardGflops, double BackwardGflops,
    double Share);
