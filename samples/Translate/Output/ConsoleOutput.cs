using System.Text;
using Spectre.Console;
using Transformer.Samples.Translate.Running;
using Transformer.Training;

namespace Transformer.Samples.Translate.Output;

/// <summary>
/// What a person reads. On a terminal a run shows a bar; piped or with NO_COLOR (no-color.org) it writes plain lines without
/// control codes.
/// </summary>
internal sealed class ConsoleOutput
{
    private readonly IAnsiConsole? terminal = IsTerminal
        ? AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes })
        : null;

    private static bool IsTerminal =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Before the first output of the program.</summary>
    public static void Prepare()
    {
        // On its first use the console sends a terminal a control code, unless that is one without any.
        if (!IsTerminal)
            Environment.SetEnvironmentVariable("TERM", "dumb");

        // German has letters beyond ASCII, whatever the terminal's locale says.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    }

    /// <summary>Writes a line, above the bar where there is one.</summary>
    public void Line(string text = "")
    {
        if (terminal is null)
            Console.WriteLine(text);
        else
            terminal.WriteLine(text);
    }

    /// <summary>Leaves the terminal as it was, when the program is about to end within a run: the bar hides the cursor.</summary>
    public void Abandon()
    {
        if (terminal is null)
            return;
        terminal.Cursor.Show();
        terminal.WriteLine();
    }

    /// <summary>Shows a run's progress while it lasts.</summary>
    public T Track<T>(RunEstimate estimate, Func<IProgress<TrainingProgress>, T> run) => terminal is null
        ? run(new ProgressLines(new RunText(estimate), this))
        : ProgressBar.Track(terminal, estimate, this, run);
}
