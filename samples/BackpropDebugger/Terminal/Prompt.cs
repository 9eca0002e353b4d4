using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Terminal;

/// <summary>Asks for commands until quit or Ctrl-D.</summary>
internal sealed class Prompt
{
    private readonly DebugSession session;
    private readonly LineEditor editor;

    public Prompt(DebugSession session)
    {
        this.session = session;
        // Some terminals do not tell their width.
        editor = new LineEditor(
            () => Console.ReadKey(intercept: true), Console.Write, session.Complete, () => Console.WindowWidth > 0 ? Console.WindowWidth : 80);
    }

    public int Run()
    {
        while (true)
        {
            if (ReadLine() is not { } line)
                return ExitCode.Success;
            CommandResult result = session.Execute(line);
            if (result.Text.Length > 0)
                Console.WriteLine(result.Text);
            if (result.Ends)
                return ExitCode.Success;
        }
    }

    // Ctrl-C cancels the line; while a command runs it ends the program as ever.
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
