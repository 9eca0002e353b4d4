namespace Transformer.Autograd.Debugging;

/// <summary>What a command answered.</summary>
/// <param name="Text">For people, one or more lines without a newline at the end; may be empty. With colour only where the session was told to.</param>
/// <param name="IsError">True where the command was not understood or could not be done.</param>
/// <param name="Ends">True for <c>quit</c>.</param>
public sealed record CommandResult(string Text, bool IsError = false, bool Ends = false);

/// <summary>
/// Stepping through a recording: a cursor on the timeline, breakpoints and the commands of the terminal and the page.
/// </summary>
public sealed class DebugSession
{
    /// <summary>Begins before the first event.</summary>
    public DebugSession(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        Recording = recording;
    }

    /// <summary>What is stepped through.</summary>
    public Recording Recording { get; }

    /// <summary>How many events of the timeline have happened, from 0.</summary>
    public int Cursor { get; private set; }

    /// <summary>Does one command: <c>next</c>, <c>break kind Softmax</c>, <c>print x.grad[0, 2]</c>, <c>help</c>, …</summary>
    public CommandResult Execute(string line) => throw new NotImplementedException();

    /// <summary>What may stand at the end of a line that is being typed.</summary>
    public IReadOnlyList<string> Complete(string line) => throw new NotImplementedException();
}
