using Transformer.Autograd.Debugging.Sessions.Text;

namespace Transformer.Autograd.Debugging.Sessions.Commands;

/// <summary>All commands, as <c>help</c> lists them.</summary>
internal static class CommandCatalogue
{
    public static IReadOnlyList<(string Title, IReadOnlyList<SessionCommand> Commands)> Groups { get; } =
    [
        ("Move", [new Next(), new Back(), new Continue(), new ReverseContinue(), new Into(), new Out(), new GoTo(), new Start(), new End(), new Until(), new Where()]),
        ("Stop", [new Break(), new ListBreakpoints(), new Delete(), new Enable(), new Disable()]),
        ("Look",
        [
            new Print(), new Stats(), new Heat(), new Graph(), new Source(), new Info(), new Tensors(), new Operations(), new Modules(),
            new Gradients(), new WatchCommand(), new Unwatch(), new Format(),
        ]),
        ("Understand", [new Explain(), new Jacobian(), new CheckCommand(), new WhyCommand()]),
        ("Try and compare", [new Set(), new Unset(), new Compare(), new Save()]),
        ("Session", [new Help(), new Quit()]),
    ];

    public static IReadOnlyList<SessionCommand> All { get; } = [.. Groups.SelectMany(group => group.Commands)];

    public static IEnumerable<string> Names => All.Select(command => command.Name);

    /// <summary>The command of that name, alias, or beginning of one name.</summary>
    /// <exception cref="CommandException">There is none, or more than one.</exception>
    public static SessionCommand Find(string word, int column)
    {
        if (All.FirstOrDefault(command => command.Name == word || command.Aliases.Contains(word)) is { } exact)
            return exact;
        SessionCommand[] begun = [.. All.Where(command => word.Length > 0 && command.Name.StartsWith(word, StringComparison.Ordinal))];
        return begun switch
        {
            [var one] => one,
            [] => throw new CommandException($"there is no command {word}; 'help' lists them{Nearest.Hint(word, Names)}", column),
            _ => throw new CommandException($"{word} may be {string.Join(", ", begun.Select(command => command.Name))}", column),
        };
    }
}
