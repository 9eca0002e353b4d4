using Transformer.Autograd.Debugging.Sessions.Breakpoints;
using Transformer.Autograd.Debugging.Sessions.Expressions;

namespace Transformer.Autograd.Debugging.Sessions.Commands;

internal sealed class Break() : SessionCommand(
    "break", "break WHAT [if EXPRESSION]", "a breakpoint for continue and reverse-continue",
    """
    break kind Softmax                      at each such operation, forwards and backwards
    break module encoder.layers.*.self_attn where such a module is entered
    break parameter *.linear1.weight        where it is read, gets a contribution, or its gradient is forgotten
    break nan                               where a NaN or an unexpected infinity is computed
    break norm x.grad > 10                  where that becomes true; of any tensor: norm any > 10
    break shape [2, *]                      at an operation with such an output
    break fd > 1e-4                         where a backward pass and finite differences of the operation disagree; a
                                            condition, if kind != Mine, leaves out operations that cannot be run again
    break if x[0, 2] < 0 and backward       any expression: see 'help expressions'
    An expression about tensors alone stops where it becomes true; one about the event itself at each event.
    """, "b")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        string text = arguments.Line[arguments.Position..].Trim();
        if (text.Length == 0)
            return BreakpointList.Of(session);
        Condition condition = BreakpointParser.Parse(arguments, session.View.Index);
        Breakpoint added = new(session.Breakpoints.Count == 0 ? 1 : session.Breakpoints.Max(breakpoint => breakpoint.Number) + 1, text, condition);
        session.Breakpoints.Add(added);
        return $"breakpoint {added.Number}: {text}";
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => words switch
    {
        [] => [.. BreakpointParser.Words, .. Completions.Expression(session)],
        ["kind"] => session.View.Index.Kinds,
        ["module"] => session.View.Index.Modules.SelectMany(BreakpointParser.WithOuter).Distinct(),
        ["parameter"] => session.View.Index.Labels,
        _ => ["if", "and", "or", .. Completions.Expression(session)],
    };
}

internal sealed class ListBreakpoints() : SessionCommand("breakpoints", "breakpoints", "the breakpoints with their numbers", "", "list")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        arguments.End();
        return BreakpointList.Of(session);
    }
}

internal sealed class Delete() : SessionCommand("delete", "delete N|all", "takes a breakpoint away", "", "d")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        IReadOnlyList<Breakpoint> chosen = BreakpointList.Choose(session, arguments);
        session.Breakpoints.RemoveAll(chosen.Contains);
        return BreakpointList.Of(session);
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => BreakpointList.Numbers(session);
}

internal sealed class Enable() : SessionCommand("enable", "enable N|all", "heeds a breakpoint again")
{
    public override string Run(SessionState session, Scanner arguments) => BreakpointList.Switch(session, arguments, isEnabled: true);

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => BreakpointList.Numbers(session);
}

internal sealed class Disable() : SessionCommand("disable", "disable N|all", "keeps a breakpoint without heeding it")
{
    public override string Run(SessionState session, Scanner arguments) => BreakpointList.Switch(session, arguments, isEnabled: false);

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => BreakpointList.Numbers(session);
}

/// <summary>What the commands about breakpoints share.</summary>
internal static class BreakpointList
{
    public static string Of(SessionState session) => session.Breakpoints.Count == 0
        ? "no breakpoints"
        : string.Join('\n', session.Breakpoints.Select(entry => $"{entry.Number}  {entry.Text}{(entry.IsEnabled ? "" : "  (disabled)")}"));

    public static IEnumerable<string> Numbers(SessionState session) =>
        session.Breakpoints.Select(entry => FormattableString.Invariant($"{entry.Number}")).Append("all");

    public static IReadOnlyList<Breakpoint> Choose(SessionState session, Scanner arguments)
    {
        int start = arguments.Position;
        string word = arguments.Word();
        arguments.End();
        if (word == "all")
            return [.. session.Breakpoints];
        return session.Breakpoints.Find(entry => FormattableString.Invariant($"{entry.Number}") == word) is { } found
            ? [found]
            : throw new CommandException(word.Length == 0 ? "which one? a number, or all" : $"there is no breakpoint {word}", start);
    }

    public static string Switch(SessionState session, Scanner arguments, bool isEnabled)
    {
        foreach (Breakpoint breakpoint in Choose(session, arguments))
            breakpoint.IsEnabled = isEnabled;
        return Of(session);
    }
}
