namespace Transformer.Autograd.Debugging;

/// <summary>
/// Sets aside what is under way on this thread (tape, step, no-gradient scopes, recorder, the running backward pass), so that
/// a replay neither sees nor changes it, and gives it back at the end, however that comes.
/// </summary>
internal readonly ref struct Isolation : IDisposable
{
    private readonly WeakReference<Tape>? tape;
    private readonly Step? step;
    private readonly int noGradientScopes;
    private readonly Recorder? recorder;
    private readonly ContributionSink? sink;

    /// <summary>Begins it.</summary>
    /// <param name="onTape">True for operations that go on a tape, a new one; false where each is run by itself.</param>
    public Isolation(bool onTape)
    {
        tape = Tape.Exchange(null);
        step = Step.Exchange(null);
        noGradientScopes = NoGradient.Exchange(onTape ? 0 : 1);
        recorder = Recorder.Suspend();
        sink = ContributionSink.Exchange(null);
    }

    public void Dispose()
    {
        Tape.Exchange(tape);
        Step.Exchange(step);
        NoGradient.Exchange(noGradientScopes);
        Recorder.Resume(recorder);
        ContributionSink.Exchange(sink);
    }
}
