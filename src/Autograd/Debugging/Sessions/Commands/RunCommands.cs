using Transformer.Autograd.Debugging.Sessions.Breakpoints;
using Transformer.Autograd.Debugging.Sessions.Expressions;

namespace Transformer.Autograd.Debugging.Sessions.Commands;

internal sealed class Continue() : SessionCommand(
    "continue", "continue", "on to the next breakpoint, else to the end", "Breakpoints of both passes count; see 'help break'. In a terminal Ctrl-C stops it on its way.", "c")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        arguments.End();
        return BreakpointRun.Run(session, 1);
    }
}

internal sealed class ReverseContinue() : SessionCommand(
    "reverse-continue", "reverse-continue", "back to the last breakpoint before, else to the start", "It stops where 'continue' would.", "rc")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        arguments.End();
        return BreakpointRun.Run(session, -1);
    }
}

/// <summary>Running until a breakpoint says stop.</summary>
internal static class BreakpointRun
{
    public static string Run(SessionState session, int direction)
    {
        SessionView view = session.View;
        for (int cursor = view.Cursor + direction; cursor >= 1 && cursor <= view.Total; cursor += direction)
        {
            if (session.IsInterrupted)
                return Interrupted(session, cursor - direction);
            Breakpoint[] hit = [.. session.Breakpoints.Where(breakpoint => breakpoint.StopsAt(view, cursor))];
            if (hit.Length > 0)
            {
                string which = string.Join('\n', hit.Select(breakpoint => session.Ink.Warning($"breakpoint {breakpoint.Number}: {breakpoint.Text}")));
                return $"{which}\n{session.GoTo(cursor)}";
            }
        }

        return $"no breakpoint up to the {(direction > 0 ? "end" : "start")}\n{session.GoTo(direction > 0 ? view.Total : 0)}";
    }

    public static string Interrupted(SessionState session, int cursor) => $"{session.Ink.Warning("interrupted")}\n{session.GoTo(cursor)}";
}

internal sealed class Until() : SessionCommand(
    "until", "until EXPRESSION", "on until the expression is true, else to the end",
    "For example: until norm(x.grad) > 10, until kind == Softmax and backward. See 'help expressions'.", "u")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        Condition condition = new ExpressionParser(arguments, session.View.Index).Expression();
        arguments.End();
        SessionView view = session.View;
        for (int cursor = view.Cursor + 1; cursor <= view.Total; cursor++)
        {
            if (session.IsInterrupted)
                return BreakpointRun.Interrupted(session, cursor - 1);
            if (condition.Holds(view, cursor))
                return session.GoTo(cursor);
        }

        return $"never true up to the end\n{session.GoTo(view.Total)}";
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => Completions.Expression(session);
}
