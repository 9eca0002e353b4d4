using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Terminal;

/// <summary>Commands from a file or from standard input, one a line, with the answers below each; it ends with the first that fails.</summary>
internal sealed class CommandScript(string name, IEnumerable<string> lines)
{
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static CommandScript Open(string file)
    {
        if (file == "-")
            return StandardInput();
        try
        {
            return new CommandScript(file, File.ReadAllLines(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(error.Message);
        }
    }

    public static CommandScript StandardInput() => new("standard input", Lines(Console.In));

    /// <summary>Does the commands, each of which is echoed.</summary>
    /// <returns>The program's exit code.</returns>
    public int Run(DebugSession session, TextWriter output, TextWriter errors)
    {
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            bool isComment = DebugSession.IsComment(line);
            output.WriteLine(line.Length == 0 || isComment ? line : $"> {line}");
            CommandResult result = session.Execute(line);
            if (result.IsError)
            {
                output.Flush();
                errors.WriteLine($"{name}, line {number}: {line.Trim()}");
                errors.WriteLine(result.Text);
                return ExitCode.Failed;
            }

            if (result.Text.Length > 0)
                output.WriteLine(result.Text);
            if (result.Ends)
                break;
        }

        return ExitCode.Success;
    }

    // As they come: another program may wait for an answer before it writes the next one.
    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
