using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Transformer.Autograd.Files;
using Transformer.Samples.Translate.Output;
using Transformer.Samples.Translate.Running;
using Transformer.Training;
using Transformer.Training.Data;

namespace Transformer.Samples.Translate.Commands;

/// <summary>The verbs, and what becomes of an error: one line on standard error, and an exit code.</summary>
internal static class CommandLine
{
    public static int Run(string[] args)
    {
        ConsoleOutput.Prepare();
        Option<bool> verbose = new("--verbose")
        {
            Description = "Print the stack trace of an error, too",
            Recursive = true,
        };
        RootCommand root = BuiltInCommand.Create();
        root.Options.Add(verbose);
        root.Subcommands.Add(TrainCommand.Create());
        root.Subcommands.Add(TranslateCommand.Create());
        root.Subcommands.Add(EvaluateCommand.Create());
        root.Subcommands.Add(ImportCommand.Create());
        HelpWithExamples.Install(root);

        // A sentence may begin with @, which would otherwise name a file of arguments.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
            return Fail(parsed.Errors[0].Message, ExitCode.BadUse, "see --help");
        if (Misplaced(parsed) is { } misplaced)
            return Fail($"{misplaced} stands before {parsed.CommandResult.Command.Name}: put it behind", ExitCode.BadUse);
        try
        {
            // Signals are handled where there is a checkpoint to save, and errors here.
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception error)
        {
            if (parsed.GetValue(verbose))
                Console.Error.WriteLine(error);
            return error switch
            {
                UsageException or DataFileException or TensorFileException => Fail(error.Message, ExitCode.BadUse),
                RunFailedException or NonFiniteException or NotFiniteNumberException => Fail(error.Message, ExitCode.RunFailed),
                _ => Fail($"unexpected {error.GetType().Name}: {error.Message}", ExitCode.RunFailed, "--verbose shows where"),
            };
        }
    }

    // An option of the program without a verb, given before a verb: the parser takes it, and nobody would read it.
    private static string? Misplaced(ParseResult parsed) => parsed.CommandResult == parsed.RootCommandResult ? null
        : parsed.RootCommandResult.Children.OfType<OptionResult>().FirstOrDefault(option => !option.Implicit && !option.Option.Recursive)?.Option.Name;

    private static int Fail(string message, int exitCode, string? hint = null)
    {
        string line = message.ReplaceLineEndings(" ");
        Console.Error.WriteLine(hint is null ? $"error: {line}" : $"error: {line} ({hint})");
        return exitCode;
    }
}
