namespace Transformer.Autograd.Debugging.Sessions.Commands;

internal sealed class Format() : SessionCommand(
    "format", "format full|short", "how many digits numbers have", "full: as many as make a number readable back to the last bit; short: six.")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        int start = arguments.Position;
        string word = arguments.Word();
        arguments.End();
        session.Numbers.IsFull = word switch
        {
            "full" => true,
            "short" => false,
            _ => throw new CommandException("format is full or short", start),
        };
        return $"numbers have {(session.Numbers.IsFull ? "all their digits" : "six digits")}";
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => words.Count == 0 ? ["full", "short"] : [];
}

internal sealed class Quit() : SessionCommand("quit", "quit", "ends", "", "q", "exit")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        arguments.End();
        return string.Empty;
    }
}

internal sealed class Help() : SessionCommand("help", "help [COMMAND]", "all commands, or one in full", "", "h", "?")
{
    private const string Expressions = """
        An expression compares a number with a fixed one: < <= > >= == !=
          norm(x.grad) > 10      norm, min, max, mean, zeros (the share, 0 to 1), nan, inf of a tensor; the parentheses may be left out
          max(y[0, 1:]) > 0      of a slice
          norm(*.weight) > 10    of any tensor with such a name; norm any > 10: of whatever the event computed
          x[0, 2] < 0            one element
          event >= 30            number of the event; operation == 12: number of the operation
          kind == Softmax        kind of operation, module ~ encoder.*: module or one around it; * stands for any text
          forward, backward      direction
          fd > 1e-4              difference of a backward pass from finite differences of its operation
        joined by and, or, not and parentheses. A name with unusual characters stands in quotes. What has no value yet compares false.
        """;

    public override string Run(SessionState session, Scanner arguments)
    {
        int start = arguments.Position;
        string word = arguments.Word();
        arguments.End();
        if (word.Length == 0)
            return All(session);
        if (word == "expressions")
            return Expressions;
        SessionCommand command = CommandCatalogue.Find(word, start);
        string aliases = command.Aliases.Count == 0 ? string.Empty : $"\nalso: {string.Join(", ", command.Aliases)}";
        return $"{session.Ink.Strong(command.Usage)}\n{command.Summary}{(command.Details.Length > 0 ? "\n" + command.Details : string.Empty)}{aliases}";
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) =>
        words.Count == 0 ? CommandCatalogue.Names.Append("expressions") : [];

    private static string All(SessionState session)
    {
        int width = CommandCatalogue.All.Max(command => command.Usage.Length);
        List<string> lines = [];
        foreach ((string title, IReadOnlyList<SessionCommand> commands) in CommandCatalogue.Groups)
        {
            lines.Add(session.Ink.Strong(title));
            foreach (SessionCommand command in commands)
                lines.Add($"  {session.Ink.Name(command.Usage.PadRight(width))}  {command.Summary}");
        }

        return string.Join('\n', [.. lines, "'help COMMAND' tells more; 'help expressions' what may stand after until, break if and watch."]);
    }
}
