namespace Transformer.Training;

/// <summary>A loss or a gradient became NaN or infinite; the message names the step and the first place that was.</summary>
/// <param name="step">The step that failed.</param>
/// <param name="place">The operation or parameter that was first non-finite.</param>
public sealed class NonFiniteException(long step, string place)
    : Exception($"step {step}: {place}; the last good checkpoint is kept (try a lower learning rate or gradient clipping)")
{
    /// <summary>The step that failed.</summary>
    public long Step { get; } = step;

    /// <summary>The operation or parameter that was first non-finite.</summary>
    public string Place { get; } = place;
}
