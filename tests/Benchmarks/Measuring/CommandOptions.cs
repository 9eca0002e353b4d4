using System.CommandLine;
using System.Globalization;
using Transformer.Kernels;

namespace Benchmarks.Measuring;

/// <summary>Options that several verbs have.</summary>
internal static class CommandOptions
{
    public static Option<int> Threads()
    {
        Option<int> option = AtLeast("--threads", "Threads that the kernels use", 1);
        option.DefaultValueFactory = _ => Environment.ProcessorCount;
        return option;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON, as the last line" };

    public static Option<string?> Out() => new("--out") { Description = "Write the result to this file as JSON, too", HelpName = "FILE" };

    /// <summary>A whole number that is not below the least.</summary>
    public static Option<int> AtLeast(string name, string description, int least)
    {
        Option<int> option = new(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            // What is no number at all the parser reports.
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out int value) && value < least)
                result.AddError($"{name} is {least} or more, not {text}");
        });
        return option;
    }

    public static void UseThreads(int count) => Execution.ThreadCount = count;
}
