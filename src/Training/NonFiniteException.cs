namespace Transformer.Training;

/// <summary>
/// A loss or a gradient became NaN or infinite; the message names the step, the first place that was, and the checkpoint
/// to go back to.
/// </summary>
/// <param name="step">The step that failed.</param>
/// <param name="place">The operation or parameter that was first non-finite.</param>
public sealed class NonFiniteException(long step, string place) : Exception
{
    /// <summary>The step that failed.</summary>
    public long Step { get; } = step;

    /// <summary>The operation or parameter that was first non-finite.</summary>
    public string Place { get; } = place;

    /// <summary>The step of the run's last checkpoint; null where none was saved.</summary>
    public long? SavedStep { get; internal set; }

    /// <summary>The recording of the step; null where there is none.</summary>
    public string? RecordingPath { get; internal set; }

    /// <inheritdoc/>
    public override string Message => FormattableString.Invariant(
        $"step {Step}: {Place}; {Kept}{Recorded} (try a lower learning rate or gradient clipping)");

    private string Recorded => RecordingPath is null ? string.Empty : $"; the step is recorded in {RecordingPath}";

    private string Kept => SavedStep is { } saved
        ? FormattableString.Invariant($"the checkpoint of step {saved} is kept")
        : "this run has saved no checkpoint yet";
}
