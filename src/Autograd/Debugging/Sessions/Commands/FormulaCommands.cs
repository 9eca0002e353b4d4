using Transformer.Autograd.Debugging.Sessions.Addresses;

namespace Transformer.Autograd.Debugging.Sessions.Commands;

internal sealed class Explain() : SessionCommand(
    "explain", "explain [ADDRESS]", "the operation's formula, and the same with the numbers of one element",
    """
    explain                    the present operation: its output's or its contributions' largest element
    explain y[0, 2]            how that number was computed
    explain x.grad[0, 2]       each contribution that has arrived at that gradient
    explain #12.in0.grad[0, 2] what operation 12 contributed
    """, "x")
{
    // A tensor that many operations read would fill the screen.
    private const int MostContributions = 8;

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => Completions.Addresses(session);

    public override string Run(SessionState session, Scanner arguments)
    {
        if (arguments.AtEnd)
            return ExplainHere(session);
        int start = arguments.Position;
        Address address = AddressParser.Parse(arguments, session.View);
        arguments.End();
        switch (address.Kind)
        {
            case AddressKind.Value when address.Tensor.Producer is { } producer:
                return Forward(session, producer, address.Selection);
            case AddressKind.Value:
                throw new CommandException($"{address.Name} is a leaf: no operation computed it", start);
            case AddressKind.Saved:
                throw new CommandException($"explain {session.View.Index.Reference(address.Tensor)} tells what {address.Name} is part of", start);
            default:
                return Contributions(session, address);
        }
    }

    private static string ExplainHere(SessionState session)
    {
        TimelineEvent entry = session.View.Here ?? throw new CommandException("nothing has happened yet at the start");
        switch (entry)
        {
            case { Kind: TimelineEventKind.Forward }:
                return Forward(session, entry.Operation!, Selection.Whole(entry.Tensor.Shape));
            case { Kind: TimelineEventKind.Backward, Contributions: [var first, ..] }:
                Contribution largest = entry.Contributions.MaxBy(contribution => Size(contribution.Values)) ?? first;
                return Backward(session, entry, largest, Selection.Whole(largest.Values.Shape));
            case { Kind: TimelineEventKind.BackwardStart }:
                return $"∂L/∂L = 1: the backward pass begins with {session.Values.Inline(entry.Gradient!)} at {session.View.Index.Reference(entry.Tensor)}";
            default:
                throw new CommandException("nothing was computed here");
        }
    }

    private static string Contributions(SessionState session, Address address)
    {
        SessionView view = session.View;
        (TimelineEvent Entry, Contribution Contribution)[] arrived =
        [
            .. view.Recording.GradientEventsOf(address.Tensor)
                .Where(entry => entry.Number <= view.Cursor)
                .SelectMany(entry => entry.Contributions.Select(contribution => (entry, contribution)))
                .Where(pair => pair.contribution.Input == address.Tensor)
                .Where(pair => address.Operation is null || (pair.entry.Operation == address.Operation && pair.contribution.InputPosition == address.InputPosition)),
        ];
        if (arrived.Length == 0)
            return ValueCommand.ValuesAt(view, address, out string note) is null ? note : $"{address.Name} was there before the recording, or began the pass";
        List<string> parts = [];
        foreach ((TimelineEvent entry, Contribution contribution) in arrived.TakeLast(MostContributions))
            parts.Add(Backward(session, entry, contribution, address.Selection));
        if (arrived.Length > MostContributions)
            parts.Insert(0, $"{arrived.Length - MostContributions} earlier contributions are not shown");
        if (arrived.Length > 1 && address.Selection.IsElement && address.At(view, view.Cursor) is { IsComplete: true } sum)
            parts.Add($"together {address} = {session.Values.Inline(sum, address.Selection)}");
        return string.Join('\n', parts);
    }

    private static string Forward(SessionState session, RecordedOperation operation, Selection selection) =>
        $"{operation}\n" + Lines(session, Formula.OfForward(session.View.Recording, operation, Element(operation.Output.Values, selection)));

    private static string Backward(SessionState session, TimelineEvent entry, Contribution contribution, Selection selection) =>
        $"event {entry.Number}, backward {entry.Operation}\n" + Lines(session, Formula.OfBackward(
            session.View.Recording, entry, contribution.InputPosition, Element(contribution.Values, selection)));

    private static string Lines(SessionState session, Explanation explanation) => string.Join(
        '\n',
        [
            $"  {explanation.General}", $"  {session.Ink.Strong(explanation.Line)}",
            .. explanation.Notes.Select(note => "  " + (explanation.Agrees ? note : session.Ink.Warning(note))),
        ]);

    private static double Size(RecordedValues values) => Math.Max(Math.Abs(values.Statistics.Min), Math.Abs(values.Statistics.Max));

    // The chosen element, or the largest of the chosen ones; one that is not finite is the one to explain.
    private static int Element(RecordedValues values, Selection selection)
    {
        if (selection.Shape.ElementCount == 0)
            throw new CommandException("an empty tensor has nothing to explain");
        return Enumerable.Range(0, selection.Shape.ElementCount)
            .Select(selection.PositionOf)
            .MaxBy(position => double.IsNaN(values.ValueAt(position)) ? double.PositiveInfinity : Math.Abs(values.ValueAt(position)));
    }
}

internal sealed class Jacobian() : SessionCommand(
    "jacobian", "jacobian [INPUT]", "∂output/∂input of the present operation, where it is small",
    "INPUT counts the operation's inputs from 0. Rows are elements of the output, columns those of the input.")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        RecordedOperation operation = session.View.Here?.Operation ?? throw new CommandException("there is no operation here: go to one with next or goto");
        int start = arguments.Position;
        string word = arguments.Word();
        arguments.End();
        int input = 0;
        if (word.Length > 0 && (!int.TryParse(word, out input) || input < 0 || input >= operation.Inputs.Count))
            throw new CommandException($"{operation} has the inputs 0 to {operation.Inputs.Count - 1}", start);
        RecordedTensor tensor = operation.Inputs[input];
        string title = $"∂{session.View.Index.Reference(operation.Output)}/∂{session.View.Index.Reference(tensor)} of {operation}";
        if (Formula.LocalJacobian(session.View.Recording, operation, input) is not { } jacobian)
            return $"{title}: [{operation.Output.Shape.ElementCount}, {tensor.Shape.ElementCount}] is too large to show";
        Tensor rows = Tensor.From(jacobian, DType.Float64);
        return $"{title} {rows.Shape}\n" + (rows.Count == 0 ? "  empty" : session.Values.Rows(RecordedValues.CopyOf(rows), Selection.Whole(rows.Shape)));
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) =>
        words.Count == 0 ? Enumerable.Range(0, session.View.Here?.Operation?.Inputs.Count ?? 0).Select(i => FormattableString.Invariant($"{i}")) : [];
}
