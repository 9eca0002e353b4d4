using System.Text;
using Spectre.Console;
using Transformer.Samples.BackpropDebugger.Cases;

namespace Transformer.Samples.BackpropDebugger.Terminal;

/// <summary>
/// Where the answers go. On a terminal in colour; piped, with NO_COLOR (no-color.org) or with --plain, plain lines without
/// control codes.
/// </summary>
internal sealed class TerminalOutput(bool isPlain)
{
    private static bool IsTerminal =>
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>True where the terminal understands what a line editor writes.</summary>
    public bool IsInteractive { get; } = !isPlain && IsTerminal && AnsiConsole.Profile.Capabilities.Ansi;

    public bool HasColor => IsInteractive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Before the first output of the program.</summary>
    public static void Prepare()
    {
        // On its first use the console sends a terminal a control code, unless that is one without any.
        if (!IsTerminal)
            Environment.SetEnvironmentVariable("TERM", "dumb");
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    }

    /// <summary>Names the ready-made cases.</summary>
    public static void List()
    {
        int width = CaseCatalogue.All.Max(entry => entry.Name.Length);
        foreach (Case entry in CaseCatalogue.All)
            Console.WriteLine($"{entry.Name.PadRight(width)}  {entry.Title}");
    }

    /// <summary>What was opened.</summary>
    public void Welcome(Opened opened)
    {
        Console.WriteLine(HasColor ? $"\u001b[1m{opened.Title}\u001b[0m" : opened.Title);
        if (opened.Text.Length > 0)
            Console.WriteLine(opened.Text);
        Console.WriteLine($"{opened.Recording.Operations.Count} operations, {opened.Recording.Timeline.Count} events. 'help' lists the commands, 'next' begins.");
    }
}
