namespace Transformer.Autograd.Debugging.Sessions.Commands;

/// <summary>Steps that show every place on the way.</summary>
internal abstract class Steps(string name, string usage, string summary, string details, params IReadOnlyList<string> aliases)
    : SessionCommand(name, usage, summary, details, aliases)
{
    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => words.Count == 0 ? ["all"] : [];

    protected static string Walk(SessionState session, Scanner arguments, int direction)
    {
        int count = arguments.Take("all") ? int.MaxValue : arguments.Count(1);
        arguments.End();
        int left = direction > 0 ? session.View.Total - session.View.Cursor : session.View.Cursor;
        if (left == 0)
            return direction > 0 ? $"already at the end, after event {session.View.Total}" : "already at the start";
        List<string> places = [];
        for (int i = 0; i < Math.Min(count, left); i++)
            places.Add(session.GoTo(session.View.Cursor + direction));
        return string.Join('\n', places);
    }
}

internal sealed class Next() : Steps(
    "next", "next [N|all]", "one event on, or N, showing each", "Breakpoints do not stop it: 'continue' heeds them, 'goto' shows the last place only.",
    "n", "s", "step")
{
    public override string Run(SessionState session, Scanner arguments) => Walk(session, arguments, 1);
}

internal sealed class Back() : Steps(
    "back", "back [N|all]", "one event back, or N, showing each", "Gradients are again what they were then.", "prev")
{
    public override string Run(SessionState session, Scanner arguments) => Walk(session, arguments, -1);
}

internal sealed class GoTo() : SessionCommand(
    "goto", "goto N|end|start", "to after event N", "N counts the events of the timeline, forwards and backwards, from 1; 0 is the start.", "g")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        int start = arguments.Position;
        string word = arguments.Word();
        arguments.End();
        int total = session.View.Total;
        if (word is "end" or "start")
            return session.GoTo(word == "end" ? total : 0);
        return int.TryParse(word, out int cursor) && cursor >= 0 && cursor <= total
            ? session.GoTo(cursor)
            : throw new CommandException($"goto takes start, end or a number from 0 to {total}", start);
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => words.Count == 0 ? ["start", "end"] : [];
}

internal sealed class Start() : SessionCommand("start", "start", "before the first event", "The same as 'goto start'.")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        arguments.End();
        return session.GoTo(0);
    }
}

internal sealed class End() : SessionCommand("end", "end", "after the last event", "The same as 'goto end'.")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        arguments.End();
        return session.GoTo(session.View.Total);
    }
}

internal sealed class Where() : SessionCommand("where", "where", "the present place again", "What is watched is shown, too.", "w")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        arguments.End();
        return session.Stop();
    }
}
