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
        interrupt.Dispose();
        terminate.Dispose();
        source.Dispose();
    }

    private void Handle(PosixSignalContext context, int code)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref exitCode, code, 0) != 0)
        {
            secondSignal();
            Environment.Exit(code);
        }

        source.Cancel();
        firstSignal();
    }
}
