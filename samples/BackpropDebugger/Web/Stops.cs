using System.Globalization;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>Where breakpoints stop that only a session understands: each question has a session of its own.</summary>
internal static class Stops
{
    /// <summary>What is wrong with the text of a breakpoint; null where a session takes it.</summary>
    public static string? ErrorOf(Recording recording, string breakpoint) =>
        new DebugSession(recording).Execute("break " + breakpoint) is { IsError: true } result ? result.Text : null;

    /// <summary>The cursor of the next stop, forwards (1) or backwards (−1), or of the end.</summary>
    /// <exception cref="InvalidOperationException">A condition cannot be tested, a needed value was left out.</exception>
    public static int Next(Recording recording, IEnumerable<string> breakpoints, int cursor, int direction, CancellationToken cancellation)
    {
        DebugSession session = new(recording);
        // Whoever asked may not wait for finite differences of a whole model.
        using CancellationTokenRegistration registration = cancellation.Register(session.Interrupt);
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"goto {cursor}"));
        foreach (string breakpoint in breakpoints)
        {
            // What names nothing in this recording, such as inside a fused operation, stops nowhere in it.
            session.Execute("break " + breakpoint);
        }

        CommandResult result = session.Execute(direction > 0 ? "continue" : "reverse-continue");
        return result.IsError ? throw new InvalidOperationException(result.Text) : session.Cursor;
    }

    /// <summary>The events that make a NaN or an infinity which no mask put in.</summary>
    public static IEnumerable<int> NonFinite(Recording recording)
    {
        DebugSession session = new(recording);
        session.Execute("break nan");
        while (session.Cursor < recording.Timeline.Count && session.Execute("continue").Text.StartsWith("breakpoint ", StringComparison.Ordinal))
            yield return session.Cursor;
    }
}
