using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Samples.Tests.Translate;
using Xunit;

namespace Samples.Tests;

/// <summary>README is true: its program is the one in <c>samples</c> and prints what stands there; what it names exists.</summary>
public partial class ReadmeTests
{
    // A first run restores and compiles the sample.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string Root = FindRoot();
    private static readonly string Readme = File.ReadAllText(Path.Combine(Root, "README.md"));

    [Fact]
    public void The_program_of_the_first_screen_is_the_sample()
    {
        string program = Block("csharp");
        Assert.Contains(program, File.ReadAllText(Path.Combine(Root, "samples", "gradients.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_of_the_first_screen_prints_what_stands_there()
    {
        string printed = await Dotnet("run", "samples/gradients.cs");
        Assert.Equal(WithoutLastDigits(Block("text")), WithoutLastDigits(printed));
    }

    [Fact]
    public void Every_relative_link_and_picture_exists()
    {
        string prose = CodeBlock().Replace(Readme, "");
        string[] links = [.. Link().Matches(prose).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal))];
        string[] folders = [.. QuotedPath().Matches(prose).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(links);
        Assert.NotEmpty(folders);
        Assert.All(links.Concat(folders), path => Assert.True(Path.Exists(Path.Combine(Root, path.Split('#')[0])), path));
    }

    [Fact]
    public void Every_command_of_the_sample_names_a_verb_and_options_that_exist()
    {
        string help = TranslateProgram.Run("--help").ExpectSuccess().Output;
        string[] commands = [.. SampleCommand().Matches(Readme.Replace("\\\n", "", StringComparison.Ordinal)).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(commands);
        foreach (string command in commands)
        {
            string verb = command.Split(' ')[0];
            Assert.Matches($@"(?m)^  {Regex.Escape(verb)}( |$)", help);
            string verbHelp = TranslateProgram.Run(verb, "--help").ExpectSuccess().Output;
            foreach (Match option in OptionName().Matches(command))
                Assert.Matches($@"(?m)^  (-\w, )?{Regex.Escape(option.Value)}\b(?!-)", verbHelp);
        }
    }

    // The output of a program that ends well and in time; what it said on standard error is in the message otherwise.
    private static async Task<string> Dotnet(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A build node that outlives the program would hold its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        StringBuilder output = new();
        StringBuilder error = new();
        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Add(output, line.Data);
        process.ErrorDataReceived += (_, line) => Add(error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{Said()}\ndid not end within {Patience.TotalSeconds} s");
        }

        Assert.True(process.ExitCode == 0, $"{Said()}\nexit code {process.ExitCode}");
        return Text(output);

        string Said() => $"dotnet {string.Join(' ', arguments)}\n{Text(output)}\n{Text(error)}";
    }

    private static void Add(StringBuilder text, string? line)
    {
        lock (text)
            text.Append(line).Append(line is null ? "" : "\n");
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Transformer.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Transformer.sln is in no folder above the tests.");
    }

    private static string Block(string language)
    {
        Match match = Regex.Match(Readme, $"```{language}\n(.*?)```", RegexOptions.Singleline);
        return match.Success ? match.Groups[1].Value : throw new InvalidOperationException($"README has no {language} block.");
    }

    // The error of a finite difference is rounding: its digits may differ from machine to machine.
    private static string WithoutLastDigits(string text) => Error().Replace(text.Trim(), "error …");

    [GeneratedRegex(@"error \d\.\d+E-\d+")]
    private static partial Regex Error();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|samples|tests|docs)(?:/[\w./]+)?)`")]
    private static partial Regex QuotedPath();

    [GeneratedRegex(@"dotnet run [^\n`]*samples/Translate -- ([^\n]+)")]
    private static partial Regex SampleCommand();

    [GeneratedRegex(@"(?<= )--[a-z][a-z-]*")]
    private static partial Regex OptionName();
}
