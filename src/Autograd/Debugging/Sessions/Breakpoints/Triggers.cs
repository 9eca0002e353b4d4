using Transformer.Autograd.Debugging.Sessions.Expressions;
using Transformer.Autograd.Debugging.Sessions.Text;

namespace Transformer.Autograd.Debugging.Sessions.Breakpoints;

/// <summary>A module that the event before was not in.</summary>
internal sealed class EntersModule(string pattern) : Condition
{
    public override bool IsOfEvent => true;

    public override bool Holds(SessionView view, int cursor) =>
        Glob.Outermost(pattern, view.ModuleAt(cursor)) is { } module
        && !(cursor > 1 && Glob.IsInside(view.ModuleAt(cursor - 1), module));
}

/// <summary>A named tensor is read in the forward pass, gets a contribution in the backward pass, or its gradient is forgotten.</summary>
internal sealed class Touches(string pattern) : Condition
{
    public override bool IsOfEvent => true;

    public override bool Holds(SessionView view, int cursor) => view.EventAt(cursor) is { } entry && entry.Kind switch
    {
        TimelineEventKind.Forward => entry.Operation!.Inputs.Any(IsMeant),
        TimelineEventKind.Backward => entry.Contributions.Any(contribution => IsMeant(contribution.Input)),
        _ => IsMeant(entry.Tensor),
    };

    private bool IsMeant(RecordedTensor tensor) => Glob.Matches(pattern, tensor.Label);
}

/// <summary>
/// The event made a number that is not finite. Infinities that a mask put in, or that came in with the operation's
/// inputs, are nobody's mistake at this point and do not count; NaN always does.
/// </summary>
internal sealed class NonFinite : Condition
{
    public override bool IsOfEvent => true;

    public override bool Holds(SessionView view, int cursor)
    {
        if (view.EventAt(cursor) is not { } entry || Statistic.Produced(entry).All(values => values.Statistics.IsFinite))
            return false;
        bool isExpected = entry.Kind == TimelineEventKind.Forward
            && entry.Tensor.Values.Statistics.NaNs == 0
            && (entry.Operation!.Kind == nameof(Where) || entry.Operation.Inputs.Any(input => input.Values.Statistics.Infinities > 0));
        return !isExpected;
    }
}

/// <summary>The operation's output has a shape; a null stands for any size.</summary>
internal sealed class ShapeIs(IReadOnlyList<int?> sizes) : Condition
{
    public override bool IsOfEvent => true;

    public override bool Holds(SessionView view, int cursor) =>
        view.EventAt(cursor)?.Operation?.Output.Shape is { } shape
        && shape.Rank == sizes.Count
        && shape.Zip(sizes).All(pair => pair.Second is null || pair.First == pair.Second);
}

/// <summary>What was false after the event before: a state that lasts stops the walk once, where it begins.</summary>
internal sealed class Becomes(Condition condition) : Condition
{
    public override bool IsOfEvent => true;

    public override bool Holds(SessionView view, int cursor) =>
        condition.Holds(view, cursor) && (cursor == 0 || !condition.Holds(view, cursor - 1));
}
