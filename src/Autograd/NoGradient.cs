namespace Transformer.Autograd;

/// <summary>
/// While such a scope is open on a thread, operations compute values and record nothing on the tape:
/// <c>using (new NoGradient()) { … }</c>. Use it for validation and decoding: what is
/// recorded and never walked backwards stays on the tape while any tensor of the tape lives, or until its step ends. Scopes may be nested.
/// </summary>
public sealed class NoGradient : IDisposable
{
    private readonly ThreadContext context = ThreadContext.Current;
    private readonly int threadId = Environment.CurrentManagedThreadId;
    private bool disposed;

    /// <summary>Opens the scope.</summary>
    public NoGradient() => context.NoGradientScopes++;

    /// <summary>True while any scope is open on this thread.</summary>
    public static bool IsActive => ThreadContext.Current.NoGradientScopes > 0;

    /// <summary>Closes the scope.</summary>
    /// <exception cref="InvalidOperationException">Another thread opened it.</exception>
    public void Dispose()
    {
        if (disposed)
            return;
        if (Environment.CurrentManagedThreadId != threadId)
            throw new InvalidOperationException("NoGradient: a scope is closed on the thread that opened it.");
        disposed = true;
        context.NoGradientScopes--;
    }
}
