using Transformer.Autograd.Debugging.Sessions.Text;

namespace Transformer.Autograd.Debugging.Sessions.Expressions;

/// <summary>Something that is true or false at any point of a recording.</summary>
internal abstract class Condition
{
    /// <summary>True where it asks about the event itself, and not only of state that lasts until changed.</summary>
    public abstract bool IsOfEvent { get; }

    public abstract bool Holds(SessionView view, int cursor);
}

internal sealed class And(Condition left, Condition right) : Condition
{
    public override bool IsOfEvent => left.IsOfEvent || right.IsOfEvent;

    public override bool Holds(SessionView view, int cursor) => left.Holds(view, cursor) && right.Holds(view, cursor);
}

internal sealed class Or(Condition left, Condition right) : Condition
{
    public override bool IsOfEvent => left.IsOfEvent || right.IsOfEvent;

    public override bool Holds(SessionView view, int cursor) => left.Holds(view, cursor) || right.Holds(view, cursor);
}

internal sealed class Not(Condition inner) : Condition
{
    public override bool IsOfEvent => inner.IsOfEvent;

    public override bool Holds(SessionView view, int cursor) => !inner.Holds(view, cursor);
}

/// <summary>A number compared with a fixed one; of several numbers, one that fits is enough.</summary>
internal sealed class Comparison(Measure measure, string comparison, double number) : Condition
{
    /// <summary>The signs of comparison, longer ones first.</summary>
    public static IReadOnlyList<string> Signs { get; } = ["<=", ">=", "==", "!=", "<", ">"];

    public override bool IsOfEvent => measure.IsOfEvent;

    public override bool Holds(SessionView view, int cursor) => measure.At(view, cursor).Any(value => comparison switch
    {
        "<" => value < number,
        "<=" => value <= number,
        ">" => value > number,
        ">=" => value >= number,
        "==" => value == number,
        _ => value != number,
    });
}

/// <summary>The kind of operation.</summary>
internal sealed class KindIs(string pattern) : Condition
{
    public override bool IsOfEvent => true;

    public override bool Holds(SessionView view, int cursor) =>
        view.EventAt(cursor)?.Operation is { } operation && Glob.Matches(pattern, operation.Kind);
}

/// <summary>The module, or one around it.</summary>
internal sealed class ModuleIs(string pattern) : Condition
{
    public override bool IsOfEvent => true;

    public override bool Holds(SessionView view, int cursor) => Glob.Outermost(pattern, view.ModuleAt(cursor)) is not null;
}

/// <summary>Forwards or backwards.</summary>
internal sealed class Direction(TimelineEventKind kind) : Condition
{
    public override bool IsOfEvent => true;

    public override bool Holds(SessionView view, int cursor) => view.EventAt(cursor)?.Kind == kind;
}
