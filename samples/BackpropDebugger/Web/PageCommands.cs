using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>
/// The terminal's commands on the page: one session, whose cursor, breakpoints and recording are the page's. After
/// <c>set</c> and inside a fused operation it looks at another recording, and the page shows that one, too.
/// </summary>
internal sealed partial class PageCommands
{
    private readonly DebugSession session;
    private readonly PageView itself;
    private readonly string title;
    private readonly string text;
    private readonly Lock turn = new();
    private PageView current;

    public PageCommands(Recording recording, string title, string text)
    {
        session = new DebugSession(recording);
        this.title = title;
        this.text = text;
        itself = current = new PageView(recording, title, text, PagePlace.Itself);
    }

    /// <summary>What the session looks at.</summary>
    public PageView Current
    {
        get
        {
            lock (turn)
                return current;
        }
    }

    /// <summary>A view by its number, null where the session has left it.</summary>
    public PageView? View(int number)
    {
        PageView now = Current;
        return now.Place.View == number ? now : number == 0 ? itself : null;
    }

    /// <summary>Does one command with cursor and breakpoints as the page has them.</summary>
    /// <returns>JSON: the answer's text, whether it is an error, and where the session is afterwards.</returns>
    public byte[] Execute(PageCommand command)
    {
        lock (turn)
        {
            IReadOnlyList<PageBreakpoint> refused = [];
            CommandResult result;
            if (command.View != current.Place.View)
            {
                result = new CommandResult("The session has gone elsewhere, perhaps by another tab: load this page again.", IsError: true);
            }
            else
            {
                refused = TakeOver(command.Breakpoints);
                result = Run(command);
                Follow();
            }

            return JsonSerializer.SerializeToUtf8Bytes(
                new { text = result.Text, isError = result.IsError, cursor = session.Cursor, view = current.Place.View, breakpoints = Breakpoints().Select(entry => entry.Breakpoint).Concat(refused) },
                JsonSerializerOptions.Web);
        }
    }

    /// <summary>What may stand at the end of a line that is being typed, as a JSON array.</summary>
    public byte[] Complete(string line)
    {
        lock (turn)
            return JsonSerializer.SerializeToUtf8Bytes(session.Complete(line));
    }

    private CommandResult Run(PageCommand command)
    {
        if (session.Cursor != command.Cursor
            && session.Execute(string.Create(CultureInfo.InvariantCulture, $"goto {command.Cursor}")) is { IsError: true } elsewhere)
            return elsewhere;
        CommandResult result = session.Execute(command.Line);
        return result.Ends ? new CommandResult("The page stays; Ctrl-C where it was started ends it.") : result;
    }

    private void Follow()
    {
        if (session.Recording == current.Recording)
            return;
        bool isInside = session.Inside.Length > 0;
        current = session.Recording == itself.Recording
            ? itself
            : new PageView(session.Recording, title, text, new PagePlace(
                current.Place.View + 1, isInside ? $"inside {session.Inside}" : "what if", isInside ? "out" : "unset"));
    }

    // Makes the session's breakpoints those of the page; returns those that it does not take.
    private List<PageBreakpoint> TakeOver(IReadOnlyList<PageBreakpoint> wanted)
    {
        List<PageBreakpoint> refused = [];
        foreach ((string number, PageBreakpoint present) in Breakpoints())
        {
            if (!wanted.Any(breakpoint => breakpoint.Text == present.Text))
                session.Execute("delete " + number);
        }

        foreach (PageBreakpoint breakpoint in wanted)
        {
            if (!Breakpoints().Any(entry => entry.Breakpoint.Text == breakpoint.Text) && session.Execute("break " + breakpoint.Text).IsError)
                refused.Add(breakpoint);
        }

        return refused;
    }

    private List<(string Number, PageBreakpoint Breakpoint)> Breakpoints() =>
        [.. Listed().Matches(session.Execute("breakpoints").Text).Select(line =>
            (line.Groups["number"].Value, new PageBreakpoint(line.Groups["text"].Value, !line.Groups["disabled"].Success)))];

    [GeneratedRegex("""^(?<number>\d+)  (?<text>.*?)(?<disabled>  \(disabled\))?$""", RegexOptions.Multiline)]
    private static partial Regex Listed();
}

/// <summary>A command from the page.</summary>
/// <param name="Line">As it was typed.</param>
/// <param name="View">The recording that the page shows, by its number.</param>
/// <param name="Cursor">The page's.</param>
/// <param name="Breakpoints">The page's.</param>
internal sealed record PageCommand(string Line, int View, int Cursor, IReadOnlyList<PageBreakpoint> Breakpoints);

/// <summary>A breakpoint of the page.</summary>
/// <param name="Text">What the command <c>break</c> takes.</param>
/// <param name="IsEnabled">False where <c>disable</c> has switched it off.</param>
internal sealed record PageBreakpoint(string Text, bool IsEnabled);

/// <summary>Asks for the next stop.</summary>
/// <param name="View">The recording that the page shows, by its number.</param>
/// <param name="Cursor">From where.</param>
/// <param name="Direction">1 forwards, −1 backwards.</param>
/// <param name="Breakpoints">What <c>break</c> takes.</param>
internal sealed record PageRun(int View, int Cursor, int Direction, IReadOnlyList<string> Breakpoints);
