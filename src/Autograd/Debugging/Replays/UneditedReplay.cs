using System.Runtime.CompilerServices;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// A recording's replay without edits, kept as long as the recording lives: every edit and every finite difference starts
/// from it. Lock it while working with it.
/// </summary>
internal sealed class UneditedReplay
{
    private static readonly ConditionalWeakTable<Recording, UneditedReplay?[]> Kept = [];

    private BackwardReplay? backward;
    private Recording? recording;
    private IReadOnlyList<string>? branchChanges;

    private UneditedReplay(ForwardReplay forward) => Forward = forward;

    public ForwardReplay Forward { get; }

    /// <summary>Run when first asked for.</summary>
    public BackwardReplay Backward => backward ??= new BackwardReplay(Forward);

    /// <summary>Forward and backward pass as a recording.</summary>
    public Recording Recording => recording ??= ReplayedRecording.Of(Forward, Backward);

    /// <summary>Where it takes another branch than the recording did.</summary>
    public IReadOnlyList<string> BranchChanges => branchChanges ??= Debugging.BranchChanges.Of(Forward);

    /// <summary>That of a recording in a precision, or in each tensor's own; call inside an <see cref="Isolation"/>.</summary>
    public static UneditedReplay Of(Recording recording, DType? dtype)
    {
        UneditedReplay?[] replays = Kept.GetValue(recording, _ => new UneditedReplay?[3]);
        lock (replays)
            return replays[dtype is null ? 2 : (int)dtype] ??= new UneditedReplay(new ForwardReplay(recording, dtype));
    }
}
