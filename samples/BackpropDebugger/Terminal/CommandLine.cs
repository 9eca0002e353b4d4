using System.CommandLine;
using System.CommandLine.Invocation;
using Transformer.Autograd.Debugging;
using Transformer.Samples.BackpropDebugger.Cases;
using Transformer.Samples.BackpropDebugger.Web;

namespace Transformer.Samples.BackpropDebugger.Terminal;

/// <summary>The options: what to open, and where to step through it.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> CaseName = Text("--case", "NAME", "Open a ready-made case; --list names them [default: the first]");
    private static readonly Option<string?> RecordingName = Text("--recording", "FILE", "Open a recording that was saved");
    private static readonly Option<string?> Script = Text("--script", "FILE", "Do the commands of a file, one a line, and end; - for standard input");
    private static readonly Option<bool> Hunt = new("--hunt") { Description = "Do the commands that find a case's planted bug, and end" };
    private static readonly Option<bool> List = new("--list") { Description = "Name the ready-made cases" };
    private static readonly Option<bool> Web = new("--web") { Description = "Step through it in the browser: a page on this machine alone" };
    private static readonly Option<int> Port = new("--port") { Description = "Port of the page [default: any that is free]", HelpName = "N", DefaultValueFactory = _ => 0 };
    private static readonly Option<string?> Html = Text("--html", "FILE", "Write the page as one file that needs no server, and end");
    private static readonly Option<string?> Save = Text("--save", "FILE", "Write the recording as a file, and end");
    private static readonly Option<bool> Plain = new("--plain") { Description = "No colours, no line editing" };

    public static int Run(string[] args)
    {
        TerminalOutput.Prepare();
        CaseCatalogue.RegisterOperations();
        Port.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out int port) && port is >= 0 and <= 65535))
                result.AddError($"--port is a whole number from 0 to 65535, not '{result.Tokens[0].Value}'");
        });
        RootCommand root = new("Step forwards and backwards through a forward and backward pass")
        {
            CaseName, RecordingName, Script, Hunt, List, Web, Port, Html, Save, Plain,
        };
        root.SetAction(Open);

        // A file's name may begin with @, which would otherwise name a file of arguments.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
            return Fail(parsed.Errors[0].Message + " (see --help)", ExitCode.BadUse);
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageException error)
        {
            return Fail(error.Message, ExitCode.BadUse);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Fail(error.Message, ExitCode.Failed);
        }
    }

    private static int Open(ParseResult parsed)
    {
        if (parsed.GetValue(List))
        {
            TerminalOutput.List();
            return ExitCode.Success;
        }

        // What is not there is said before a case runs.
        CommandScript? script = parsed.GetValue(Script) is { } file ? CommandScript.Open(file) : null;
        Opened opened = Opened.Open(parsed.GetValue(CaseName), parsed.GetValue(RecordingName));
        if (parsed.GetValue(Hunt))
        {
            if (script is not null)
                throw new UsageException("--hunt and --script exclude each other");
            script = opened.Hunt;
        }

        string? html = parsed.GetValue(Html);
        string? save = parsed.GetValue(Save);
        if (save is not null)
            RecordingFile.Save(opened.Recording, save);
        if (html is not null)
            HtmlFile.Write(opened.Recording, opened.Title, opened.Text, html);
        if (parsed.GetValue(Web))
            return WebFrontEnd.Run(opened.Recording, opened.Title, opened.Text, parsed.GetValue(Port), CancellationToken.None);
        if (script is null && (save is not null || html is not null))
            return ExitCode.Success;

        TerminalOutput output = new(isPlain: parsed.GetValue(Plain));
        output.Welcome(opened);
        DebugSession session = new(opened.Recording) { UsesColor = output.HasColor };
        return script is null && output.IsInteractive && !Console.IsInputRedirected
            ? new Prompt(session).Run()
            : (script ?? CommandScript.StandardInput()).Run(session, Console.Out, Console.Error);
    }

    private static Option<string?> Text(string name, string help, string description)
    {
        Option<string?> option = new(name) { HelpName = help, Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError($"{name} is empty: it takes a {help.ToLowerInvariant()}");
        });
        return option;
    }

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine($"error: {message.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}
