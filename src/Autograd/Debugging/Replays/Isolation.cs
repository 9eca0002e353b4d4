namespace Transformer.Autograd.Debugging;

/// <summary>
/// Sets aside what is under way on this thread (tape, step, no-gradient scopes, recorder, the running backward pass), so that
/// a replay neither sees nor changes it, and gives it back at the end, however that comes.
/// </summary>
internal readonly ref struct Isolation : IDisposable
{
    private readonly ThreadContext context;
    private readonly Recorder? recorder;

    /// <summary>Begins it.</summary>
    /// <param name="onTape">True for operations that go on a tape, a new one; false where each is run by itself.</param>
    public Isolation(bool onTape)
    {
        context = ThreadContext.Exchange(new ThreadContext { NoGradientScopes = onTape ? 0 : 1 });
        recorder = Recorder.Suspend();
    }

    public void Dispose()
    {
        ThreadContext.Exchange(context);
        Recorder.Resume(recorder);
    }
}
