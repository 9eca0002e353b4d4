using Transformer.Autograd.Debugging;
using Transformer.Training.Data;

namespace Transformer.Training.Recordings;

/// <summary>
/// Which steps of a training are recorded, to be looked at in the backprop debugger. A step that springs a trap is run once
/// more with the recording on: from the same parameters, since the optimizer has not moved yet, and with the same dropout
/// masks, so to the same bits.
/// </summary>
public sealed record RecordingPlan
{
    /// <summary>Where the files go: <c>step-500.recording.safetensors</c>, <c>trap-step-8412.recording.safetensors</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>Records every step whose number this divides; 0 for none.</summary>
    public int Every { get; init; }

    /// <summary>
    /// Records the step in which the loss or a gradient is NaN or infinite, which also ends the run. Where the parameters or
    /// the optimizer's state are so after a step, though its gradients were finite, that step's batches are recorded with the
    /// parameters as they are by then: it is too late for those before.
    /// </summary>
    public bool TrapNonFinite { get; init; }

    /// <summary>
    /// Records the first step of a <see cref="Trainer.Run"/> whose gradient norm (before clipping) is above this; null for none. Implies
    /// <see cref="TrapNonFinite"/>.
    /// </summary>
    public double? TrapNorm { get; init; }

    /// <summary>What a recording keeps at most.</summary>
    public RecordingOptions Options { get; init; } = new();

    /// <summary>The words of the source, for the recording to show; or null.</summary>
    public Vocabulary? Source { get; init; }

    /// <summary>The words of the target, for the recording to show; or null.</summary>
    public Vocabulary? Target { get; init; }

    internal bool TrapsNonFinite => TrapNonFinite || TrapNorm is not null;

    /// <summary>Throws where a setting makes no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names it.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Every);
        if (TrapNorm is { } bound && !(bound > 0))
            throw new ArgumentOutOfRangeException(nameof(TrapNorm), bound, "The bound of a norm is above 0.");
    }
}
