using Transformer.Autograd.Debugging.Sessions.Addresses;

namespace Transformer.Autograd.Debugging.Sessions.Commands;

internal sealed class CheckCommand() : SessionCommand(
    "fd", "fd ADDRESS[i, j]", "a gradient against a finite difference of the loss",
    "Perturbs the element and replays in double precision with the same dropout mask. The curve shows the central difference over\n"
    + "the step size; a kink is where the slopes on both sides differ.")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        Address address = AddressParser.Parse(arguments, session.View);
        arguments.End();
        if (address.Kind is not (AddressKind.Value or AddressKind.Gradient))
            throw new CommandException("fd checks a tensor's gradient: name a tensor");
        // A replay begins at the leaves, and computes anew what was set on an output.
        if (session.View.Edits.FirstOrDefault(edit => edit.Tensor.Producer is not null) is { } edit)
            throw new CommandException($"fd replays from the leaves, without {SetText.Of(session.View.Index, edit)}: 'unset' first");
        int position = address.Element($"fd {session.View.Index.Reference(address.Tensor)}{Selection.Brackets(address.Shape, 0)}");
        if (session.View.Edits.FirstOrDefault(edit => edit.Tensor.Producer is not null) is { } edited)
        {
            throw new CommandException(
                $"fd computes everything from the leaves again and would lose {SetText.Of(session.View.Original!.Index, edited)}, which an operation computed: 'unset' first");
        }

        FiniteDifferenceReport report = FiniteDifference.Check(session.View.Recording, address.Tensor, position);
        return Text(session, report);
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => Completions.Addresses(session);

    private static string Text(SessionState session, FiniteDifferenceReport report)
    {
        string[] lines = report.ToString().ReplaceLineEndings("\n").Split('\n');
        bool isDoubtful = report.HasKink || report.IsRecordedOff;
        bool isBad = !report.Agrees || (report.IsRecordedOff && report.BranchChanges.Count == 0);
        lines[0] = isBad ? session.Ink.Bad(lines[0]) : isDoubtful ? session.Ink.Warning(lines[0]) : session.Ink.Good(lines[0]);
        return string.Join('\n', lines.Select(line => line.StartsWith("  warning", StringComparison.Ordinal) ? session.Ink.Warning(line) : line));
    }
}

internal sealed class WhyCommand() : SessionCommand(
    "why", "why ADDRESS[i, j]|loss|nan", "where a number comes from, and the cause where it has a name",
    """
    why W[2, 7]      the gradient of a leaf, or with .grad of any tensor: back along the largest contributions to the loss
    why y[0, 1]      a computed value: back along the largest contributions to the leaves; why loss is the same
    why nan          the first number that is not finite
    """)
{
    public override string Run(SessionState session, Scanner arguments)
    {
        SessionView view = session.View;
        if (arguments.Take("nan"))
        {
            arguments.End();
            return Text(session, Why.OfNonFinite(view.Recording));
        }

        Address address = AddressParser.Parse(arguments, view);
        arguments.End();
        RecordedTensor tensor = address.Tensor;
        string name = view.Index.Reference(tensor);
        int position = address.Element($"why {name}{Selection.Brackets(address.Shape, 0)}");
        bool isGradient = address.Kind == AddressKind.Gradient || (address.Kind == AddressKind.Value && tensor.Producer is null);
        return address.Kind switch
        {
            AddressKind.Value or AddressKind.Gradient when isGradient => Text(session, Why.OfGradient(view.Recording, tensor, position, CursorFor(view, tensor))),
            AddressKind.Value => Text(session, Why.OfValue(view.Recording, tensor, position, view.Edits)),
            _ => throw new CommandException("why asks about a tensor's value or gradient"),
        };
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) =>
        words.Count == 0 ? Completions.Addresses(session).Prepend("nan").Prepend("loss") : [];

    // At the cursor; before anything has arrived the question is about what will be.
    private static int CursorFor(SessionView view, RecordedTensor tensor) =>
        view.Recording.GradientEventsOf(tensor).Any(entry => entry.Number <= view.Cursor) ? view.Cursor : view.Total;

    private static string Text(SessionState session, WhyReport report)
    {
        List<string> lines = [report.ToString()];
        foreach (RecordedOperation operation in report.Causes.Select(cause => cause.Operation).OfType<RecordedOperation>().Distinct())
        {
            lines.Add(session.Ink.Warning(operation.ToString()));
            lines.AddRange(Sessions.Text.PlaceText.Lines(operation).Select(source => $"  at {source}  {source.Text}"));
        }

        return string.Join('\n', lines);
    }
}
