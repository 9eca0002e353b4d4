using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Terminal;

/// <summary>Asks for commands until quit or Ctrl-D.</summary>
internal sealed class Prompt
{
    private readonly DebugSession session;
    private readonly LineEditor editor;
    private volatile bool wasInterrupted;

    public Prompt(DebugSession session)
    {
        this.session = session;
        // Some terminals do not tell their width.
        editor = new LineEditor(
            () => Console.ReadKey(intercept: true), Console.Write, session.Complete, () => Console.WindowWidth > 0 ? Console.WindowWidth : 80);
    }

    public int Run()
    {
        Console.CancelKeyPress += Interrupt;
        while (true)
        {
            if (ReadLine() is not { } line)
                return ExitCode.Success;
            wasInterrupted = false;
            CommandResult result = session.Execute(line);
            if (result.Text.Length > 0)
                Console.WriteLine(result.Text);
            if (result.Ends)
                return ExitCode.Success;
        }
    }

    // The first Ctrl-C while a command runs stops a walk along the timeline; the second ends the program as ever.
    private void Interrupt(object? sender, ConsoleCancelEventArgs key)
    {
        key.Cancel = !wasInterrupted;
        wasInterrupted = true;
        session.Interrupt();
    }

    // Ctrl-C cancels the line.
    private string? ReadLine()
    {
        string inside = session.Inside.Length == 0 ? string.Empty : session.Inside + " ";
        Console.TreatControlCAsInput = true;
        try
        {
            return editor.Read($"{inside}{session.Cursor}/{session.Recording.Timeline.Count}> ");
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }
}
