using Transformer.Autograd.Debugging.Sessions;
using Transformer.Autograd.Debugging.Sessions.Commands;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// Stepping through a recording: a cursor on the timeline, breakpoints and the commands of the terminal and the page.
/// Nothing is read or written beside the answers, except the files that <c>save</c> and <c>compare</c> name.
/// </summary>
public sealed class DebugSession
{
    private readonly SessionState state;

    /// <summary>Begins before the first event.</summary>
    public DebugSession(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        state = new SessionState(recording);
    }

    /// <summary>
    /// What is stepped through: the recording that the session began with, after <c>set</c> its replay, and inside a fused
    /// operation (<c>into</c>) that operation's composed form.
    /// </summary>
    public Recording Recording => state.View.Recording;

    /// <summary>How many events of <see cref="Recording"/>'s timeline have happened, from 0.</summary>
    public int Cursor => state.View.Cursor;

    /// <summary>What one is inside of (<c>#12 ScaledDotProductAttention</c>); empty in the recording itself.</summary>
    public string Inside => state.View.Title;

    /// <summary>Whether answers carry colours as ANSI escape codes.</summary>
    public bool UsesColor
    {
        get => state.Ink.IsOn;
        set => state.Ink.IsOn = value;
    }

    /// <summary>
    /// Does one command: <c>next</c>, <c>break kind Softmax</c>, <c>print x.grad[0, 2]</c>, <c>help</c>, … An empty line and a
    /// comment, which begins with <c>#</c> and not with an operation's number, do nothing.
    /// </summary>
    public CommandResult Execute(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        Scanner scanner = new(line.TrimEnd());
        if (scanner.AtEnd || IsComment(line))
            return new CommandResult(string.Empty);
        state.IsInterrupted = false;
        try
        {
            int start = scanner.Position;
            SessionCommand command = CommandCatalogue.Find(scanner.Word(), start);
            return new CommandResult(command.Run(state, scanner), Ends: command is Quit);
        }
        catch (CommandException error)
        {
            // Points at the place in the line.
            string pointer = error.Column is { } column ? $"\n  {scanner.Line}\n  {new string(' ', column)}^" : string.Empty;
            return Failure(error.Message + pointer);
        }
        catch (Exception error) when (
            error is InvalidOperationException or ArgumentException or KeyNotFoundException or NotSupportedException or IOException
                or InvalidDataException or UnauthorizedAccessException)
        {
            return Failure(error.Message);
        }
    }

    /// <summary>
    /// Asks a <c>continue</c>, <c>reverse-continue</c> or <c>until</c> that is under way to stop where it is; from any thread.
    /// Breakpoints on finite differences make them take long.
    /// </summary>
    public void Interrupt() => state.IsInterrupted = true;

    /// <summary>True for a line that begins with <c>#</c>, unless a digit follows: <c>#12</c> is an operation.</summary>
    public static bool IsComment(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        ReadOnlySpan<char> text = line.AsSpan().Trim();
        return text is ['#'] || text is ['#', not (>= '0' and <= '9'), ..];
    }

    /// <summary>
    /// What may stand at the end of a line that is being typed: words that begin as its last word does, which starts after
    /// the last blank or opening parenthesis.
    /// </summary>
    public IReadOnlyList<string> Complete(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        int wordStart = line.LastIndexOfAny([' ', '(']) + 1;
        string word = line[wordStart..];
        string[] before = line[..wordStart].Split([' ', '('], StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> candidates;
        try
        {
            candidates = before.Length == 0 ? CommandCatalogue.Names : CommandCatalogue.Find(before[0], 0).Complete(state, before[1..]);
        }
        catch (CommandException)
        {
            return [];
        }

        return [.. candidates.Where(candidate => candidate.StartsWith(word, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
    }

    private CommandResult Failure(string message) => new(state.Ink.Bad("error: ") + message, IsError: true);
}
