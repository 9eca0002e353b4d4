namespace Transformer.Autograd.Debugging;

/// <summary>One element that is to have another value.</summary>
/// <param name="Tensor">A leaf, or an operation's output; of the recording, or of a replay of it.</param>
/// <param name="Position">Row-major position.</param>
/// <param name="Value">The value.</param>
public sealed record ValueEdit(RecordedTensor Tensor, int Position, double Value);

/// <summary>A recording that was run again from its leaves.</summary>
/// <param name="Original">What was run again.</param>
/// <param name="Recording">What came out, recorded in its turn; operations, tensors and events have the original's numbers.</param>
public sealed record ReplayResult(Recording Original, Recording Recording);

/// <summary>
/// Runs a recording again from its leaves, without the program that made it: to the same bits in the recorded precision on
/// the same vector width, or all in double precision. Operations are made by <see cref="OperationCatalogue"/> from kind,
/// inputs and attributes, which hold the keys of dropout masks. What is under way on the calling thread stays untouched.
/// <para>
/// A leaf that was a detached copy of a computed tensor is a leaf here too: it keeps its recorded values.
/// </para>
/// </summary>
public static class Replay
{
    /// <summary>Runs forward and backward passes again.</summary>
    /// <remarks>
    /// An edited output of an operation counts as that output with a constant added: what follows sees the new value, the
    /// operation's own backward pass sees what it computed. Only what an edit can reach is run anew; the rest comes from a
    /// replay without edits, which is kept with the recording. Edits do not survive another replay of the result: give all of
    /// them with the original.
    /// </remarks>
    /// <param name="recording">What to run.</param>
    /// <param name="dtype">Precision; null for each tensor's own.</param>
    /// <param name="edits">Elements that are to have other values; of two for one element the last counts.</param>
    /// <exception cref="ValuesLeftOutException">A leaf's values were left out; the message names it.</exception>
    /// <exception cref="KeyNotFoundException">An operation is not in the catalogue; the message names it.</exception>
    /// <exception cref="ArgumentException">An edit names a tensor that is not in the recording, or a position outside it.</exception>
    public static ReplayResult Run(Recording recording, DType? dtype = null, params IReadOnlyList<ValueEdit> edits)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(edits);
        using Isolation isolation = new(onTape: false);
        if (edits.Count == 0)
        {
            ForwardReplay whole = new(recording, dtype);
            return new ReplayResult(recording, ReplayedRecording.Of(whole, new BackwardReplay(whole)));
        }

        UneditedReplay unedited = UneditedReplay.Of(recording, dtype);
        lock (unedited)
        {
            ForwardReplay forward = unedited.Forward.With(edits);
            return new ReplayResult(recording, ReplayedRecording.Of(forward, new BackwardReplay(forward, unedited.Backward)));
        }
    }
}
