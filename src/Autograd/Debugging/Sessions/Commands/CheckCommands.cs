using Transformer.Autograd.Debugging.Sessions.Addresses;
using Transformer.Autograd.Debugging.Sessions.Text;

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
        int position = address.Element($"fd {session.View.Index.Reference(address.Tensor)}{Selection.Brackets(address.Shape, 0)}");
        FiniteDifferenceReport report = FiniteDifference.Check(session.View.Recording, address.Tensor, position);
        return Text(session, report);
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => Completions.Addresses(session);

    private static string Text(SessionState session, FiniteDifferenceReport report)
    {
        string Number(double value) => session.Numbers.Of(value);
        string name = session.View.Index.Reference(report.Tensor) + ".grad" + Selection.Brackets(report.Tensor.Shape, report.Position);
        List<string> lines =
        [
            report.Agrees ? session.Ink.Good($"{name} agrees") : session.Ink.Bad($"{name} DISAGREES") + " with the finite difference",
            $"  recorded           {Number(report.Recorded)}",
            $"  in double          {Number(report.Replayed)}",
            $"  central difference {Number(report.Difference)}",
            $"  relative error     {NumberText.Short(report.RelativeError)}",
        ];
        if (report.HasKink)
            lines.Add(session.Ink.Warning($"  kink: the slope is {Number(report.LeftSlope)} to the left and {Number(report.RightSlope)} to the right"));
        foreach (string change in report.BranchChanges)
            lines.Add(session.Ink.Warning($"  other branch in double precision: {change}"));
        lines.Add("  step     central difference");
        foreach ((double step, double difference) in report.Curve)
            lines.Add($"  {NumberText.Short(step),-8} {Number(difference)}");
        return string.Join('\n', lines);
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
            AddressKind.Value => Text(session, Why.OfValue(view.Recording, tensor, position)),
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
