namespace Transformer.Autograd.Debugging.Sessions.Commands;

internal sealed class WatchCommand() : SessionCommand(
    "watch", "watch [ADDRESS|EXPRESSION]", "shows something at every stop",
    "For example: watch x.grad[0, 2], watch norm(x.grad), watch norm(x.grad) > 10. Without an argument: lists what is watched.")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        if (arguments.AtEnd)
        {
            return session.Watches.Count == 0
                ? "nothing is watched"
                : string.Join('\n', session.Watches.Select(watch => $"{watch.Number}  {watch.Show(session.View)}"));
        }

        int number = session.Watches.Count == 0 ? 1 : session.Watches.Max(watch => watch.Number) + 1;
        Watch added = Watch.Parse(number, arguments, session.View, session.Values);
        session.Watches.Add(added);
        return $"watch {number}: {added.Show(session.View)}";
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => Completions.Expression(session);
}

internal sealed class Unwatch() : SessionCommand("unwatch", "unwatch N|all", "no longer shows it")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        int start = arguments.Position;
        string word = arguments.Word();
        arguments.End();
        int removed = session.Watches.RemoveAll(watch => word == "all" || FormattableString.Invariant($"{watch.Number}") == word);
        if (removed == 0 && word != "all")
            throw new CommandException(word.Length == 0 ? "which one? a number, or all" : $"there is no watch {word}", start);
        return session.Watches.Count == 0 ? "nothing is watched" : string.Join('\n', session.Watches.Select(watch => $"{watch.Number}  {watch.Text}"));
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) =>
        session.Watches.Select(watch => FormattableString.Invariant($"{watch.Number}")).Append("all");
}
