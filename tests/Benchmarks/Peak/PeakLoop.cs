namespace Benchmarks.Peak;

/// <summary>A loop that asks all of one part of the machine. Each thread runs one of its own.</summary>
internal abstract class PeakLoop
{
    /// <summary>FLOP or bytes of one round.</summary>
    public abstract double WorkPerRound { get; }

    /// <summary>Runs so many rounds.</summary>
    /// <returns>A number that depends on all of them, so that none can be left out.</returns>
    public abstract float Run(long rounds);
}
