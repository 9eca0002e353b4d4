using System.CommandLine;
using System.Text.Json;
using BenchmarkDotNet.Running;
using Benchmarks.Comparing;
using Benchmarks.Matrices;
using Benchmarks.Measuring;
using Benchmarks.Operations;
using Benchmarks.Peak;
using Benchmarks.Plots;
using Benchmarks.Profile;
using Benchmarks.Scaling;
using Benchmarks.Steps;

// A verb measures something whole; anything else goes to BenchmarkDotNet, so that --filter works as usual.
RootCommand root = new("Measurements of the engine; without a verb, BenchmarkDotNet's own command line (--filter, --list, …)")
{
    StepCommand.Create(),
    ProfileCommand.Create(),
    PeakCommand.Create(),
    ScalingCommand.Create(),
    GemmCommand.Create(),
    OpsCommand.Create(),
    CompareCommand.Create(),
    PlotCommand.Create(),
    SpinningProcess.CreateCommand(),
};

if (args is ["--help" or "-h" or "-?"])
    return root.Parse(args).Invoke();
if (args.Length > 0 && root.Subcommands.Any(verb => verb.Name == args[0]))
{
    try
    {
        return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }
    catch (Exception error) when (error is ArgumentException or ChildFailedException or IOException or UnauthorizedAccessException or JsonException)
    {
        // Sizes that do not fit each other, among others: the message has the rule.
        Console.Error.WriteLine($"error: {error.Message}");
        return error is ArgumentException ? 2 : 1;
    }
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
