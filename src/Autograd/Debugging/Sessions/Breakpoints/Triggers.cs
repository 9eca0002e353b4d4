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
        TimelineEventKind.Forward => entry.Operation!.Inputs.Any(input => IsMeant(input, view.Index)),
        TimelineEventKind.Backward => entry.Contributions.Any(contribution => IsMeant(contribution.Input, view.Index)),
        _ => IsMeant(entry.Tensor, view.Index),
    };

    // A name without a version means all of them.
    private bool IsMeant(RecordedTensor tensor, RecordingIndex index) => pattern.Contains('@', StringComparison.Ordinal)
        ? Glob.Matches(pattern, index.Reference(tensor))
        : Glob.Matches(pattern, tensor.Name.Length > 0 ? tensor.Name : tensor.Label);
}

/// <summary>The event made a NaN or an infinity; scores of −∞ that a mask put in are no fault and do not count.</summary>
internal sealed class NonFinite : Condition
{
    private readonly MaskingInfinities masks = new();

    public override bool IsOfEvent => true;

    public override bool Holds(SessionView view, int cursor) => view.EventAt(cursor) is { } entry
        && (entry.Kind == TimelineEventKind.Forward
            ? masks.IsBad(entry.Tensor)
            : Statistic.Produced(entry).Any(values => !values.Statistics.IsFinite));
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
        !condition.Holds(view, cursor - 1) && condition.Holds(view, cursor);
}
