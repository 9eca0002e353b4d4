using Transformer.Autograd.Debugging.Sessions.Expressions;

namespace Transformer.Autograd.Debugging.Sessions.Breakpoints;

/// <summary>Where <c>continue</c> and <c>reverse-continue</c> stop.</summary>
internal sealed class Breakpoint(int number, string text, Condition condition)
{
    /// <summary>By which it is deleted, from 1.</summary>
    public int Number { get; } = number;

    /// <summary>As it was written.</summary>
    public string Text { get; } = text;

    public bool IsEnabled { get; set; } = true;

    public bool StopsAt(SessionView view, int cursor) => IsEnabled && condition.Holds(view, cursor);
}
