using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Transformer.Kernels;

namespace Transformer.Samples.Translate.Commands;

/// <summary>Options of one kind: their values are checked while they are parsed, and a refusal says what would do.</summary>
internal static class Options
{
    /// <summary>Values that would only exhaust the memory are refused before they do.</summary>
    public const int Many = 1_000_000;

    /// <summary>The name of a file or a folder that has to be given.</summary>
    public static Option<string> Required(string name, string help, string description)
    {
        Option<string> option = new(name) { HelpName = help, Description = description, Required = true };
        option.Validators.Add(result => RefuseEmpty(result, name));
        return option;
    }

    /// <summary>The name of a file or a folder.</summary>
    public static Option<string?> Text(string name, string help, string description)
    {
        Option<string?> option = new(name) { HelpName = help, Description = description };
        option.Validators.Add(result => RefuseEmpty(result, name));
        return option;
    }

    /// <summary>A file's name cannot be empty.</summary>
    public static void RefuseEmpty(Argument<string> argument) =>
        argument.Validators.Add(result => RefuseEmpty(result, argument.Name));

    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    public static Option<int?> Integer(string name, string description, int least, int most = Many) =>
        Number(name, "N", "a whole number", description, least, most);

    public static Option<double?> Real(string name, string description, double least, double most) =>
        Number(name, "X", "a number", description, least, most);

    public static Option<ulong?> Seed() =>
        Number<ulong>("--seed", "N", "a whole number", "Seed of everything random [default: 1]", 0, ulong.MaxValue);

    /// <summary>The number of threads, which changes no result.</summary>
    public static Option<int?> Threads() =>
        Integer("--threads", "Threads; the result does not depend on it [default: one for each processor]", 1, 1024);

    public static Option<bool> Json() => Switch("--json", "Print one JSON object as the last line");

    /// <summary>One of a few words.</summary>
    public static Option<string?> Choice(string name, string description, params string[] choices)
    {
        Option<string?> option = new(name) { Description = description, HelpName = string.Join('|', choices) };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !choices.Contains(result.Tokens[0].Value))
                result.AddError($"{name} is one of {string.Join(", ", choices)}, not '{result.Tokens[0].Value}'");
        });
        return option;
    }

    public static void SetThreads(int? threads)
    {
        if (threads is { } count)
            Execution.ThreadCount = count;
    }

    private static void RefuseEmpty(SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            result.AddError($"{name} is empty: it takes the name of a file or a folder");
    }

    private static Option<T?> Number<T>(string name, string help, string kind, string description, T least, T most)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = help,
            CustomParser = result => Parse(result, name, kind, least, most),
        };

    private static T? Parse<T>(ArgumentResult result, string name, string kind, T least, T most)
        where T : struct, INumber<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T value) && value >= least && value <= most)
            return value;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is {kind} from {least} to {most}, not '{text}'"));
        return null;
    }
}
