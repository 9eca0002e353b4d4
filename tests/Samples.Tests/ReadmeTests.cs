using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Samples.Tests;

/// <summary>The first screen of README is true: its program is the one in <c>samples</c> and prints what stands there.</summary>
public partial class ReadmeTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void The_program_of_the_first_screen_is_the_sample()
    {
        string program = Block(File.ReadAllText(Path.Combine(Root, "README.md")), "csharp");
        Assert.Contains(program, File.ReadAllText(Path.Combine(Root, "samples", "gradients.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_of_the_first_screen_prints_what_stands_there()
    {
        string expected = Block(File.ReadAllText(Path.Combine(Root, "README.md")), "text");
        ProcessStartInfo start = new("dotnet", ["run", "samples/gradients.cs"]) { WorkingDirectory = Root, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(WithoutLastDigits(expected), WithoutLastDigits(printed));
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Transformer.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Transformer.sln is in no folder above the tests.");
    }

    private static string Block(string markdown, string language)
    {
        Match match = Regex.Match(markdown, $"```{language}\n(.*?)```", RegexOptions.Singleline);
        return match.Success ? match.Groups[1].Value : throw new InvalidOperationException($"README has no {language} block.");
    }

    // The error of a finite difference is rounding: its digits may differ from machine to machine.
    private static string WithoutLastDigits(string text) => Error().Replace(text.Trim(), "error …");

    [GeneratedRegex(@"error \d\.\d+E-\d+")]
    private static partial Regex Error();
}
