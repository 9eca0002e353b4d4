using System.Runtime.InteropServices;

namespace Transformer.Samples.Translate.Running;

/// <summary>
/// While it lives, Ctrl-C and SIGTERM ask for an end instead of forcing one, so that a checkpoint can be saved first. A second
/// signal ends the program at once.
/// </summary>
internal sealed class TerminationSignals : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration interrupt;
    private readonly PosixSignalRegistration terminate;
    private readonly Action firstSignal;
    private readonly Action secondSignal;
    private volatile int exitCode;
    private volatile bool isDisposed;

    /// <param name="firstSignal">Tells the user that the run is about to end; called on another thread.</param>
    /// <param name="secondSignal">Cleans up before the program ends; called on another thread.</param>
    public TerminationSignals(Action firstSignal, Action secondSignal)
    {
        this.secondSignal = secondSignal;
        this.firstSignal = firstSignal;
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, ExitCode.Interrupted));
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, ExitCode.Terminated));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>130 or 143 after a signal, before it 0.</summary>
    public int Code => exitCode;

    public void Dispose()
    {
        isDisposed = true;
        interrupt.Dispose();
        terminate.Dispose();
        source.Dispose();
    }

    /// <summary>Called on a thread of its own, also while this is being disposed of; then the signal does what it usually does.</summary>
    internal void Handle(PosixSignalContext context, int code)
    {
        if (isDisposed)
            return;
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref exitCode, code, 0) != 0)
        {
            secondSignal();
            Environment.Exit(code);
        }

        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            context.Cancel = false;
            return;
        }

        firstSignal();
    }
}
