namespace Transformer.Autograd;

/// <summary>
/// What is under way on one thread: its step, its tape, its open no-gradient scopes and the backward pass that is running.
/// The one thing that a thread looks up, once for each operation.
/// </summary>
internal sealed class ThreadContext
{
    [ThreadStatic]
    private static ThreadContext? current;

    private WeakReference<Tape>? tape;

    /// <summary>This thread's context.</summary>
    public static ThreadContext Current => current ?? Begin();

    /// <summary>The innermost open step, or null.</summary>
    public Step? Step { get; set; }

    /// <summary>How many <see cref="NoGradient"/> scopes are open.</summary>
    public int NoGradientScopes { get; set; }

    /// <summary>What takes the contributions of the operation whose Backward is running, or null.</summary>
    public ContributionSink? Sink { get; set; }

    /// <summary>The tape where there is one. A step holds it; outside of one it lives as long as a tensor that it made.</summary>
    public Tape? TapeIfAny => Step is { } step ? step.Tape : tape is not null && tape.TryGetTarget(out Tape? target) ? target : null;

    /// <summary>The tape.</summary>
    public Tape Tape => TapeIfAny ?? NewTape();

    /// <summary>Makes another context this thread's.</summary>
    /// <returns>The one before.</returns>
    public static ThreadContext Exchange(ThreadContext next)
    {
        ThreadContext before = Current;
        current = next;
        return before;
    }

    private static ThreadContext Begin() => current = new ThreadContext();

    private Tape NewTape()
    {
        Tape made = new();
        tape = new WeakReference<Tape>(made);
        return made;
    }
}
