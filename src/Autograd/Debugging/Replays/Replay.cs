namespace Transformer.Autograd.Debugging;

/// <summary>One element that is to have another value.</summary>
/// <param name="Tensor">A leaf, or an operation's output.</param>
/// <param name="Position">Row-major position.</param>
/// <param name="Value">The value.</param>
public sealed record ValueEdit(RecordedTensor Tensor, int Position, double Value);

/// <summary>A recording that was run again from its leaves.</summary>
/// <param name="Original">What was run again.</param>
/// <param name="Recording">What came out, recorded in its turn; operations, tensors and events have the original's numbers.</param>
public sealed record ReplayResult(Recording Original, Recording Recording);

/// <summary>Runs a recording again from its leaves, without the program that made it.</summary>
public static class Replay
{
    /// <summary>Runs forward and backward passes again.</summary>
    /// <param name="recording">What to run.</param>
    /// <param name="dtype">Precision; null for each tensor's own.</param>
    /// <param name="edits">Elements that are to have other values.</param>
    /// <exception cref="ValuesLeftOutException">A leaf's values were left out.</exception>
    public static ReplayResult Run(Recording recording, DType? dtype = null, params IReadOnlyList<ValueEdit> edits) =>
        throw new NotImplementedException();
}
