using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Samples.Tests.Translate;

/// <summary>What a finished process left.</summary>
internal sealed record Finished(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The last line of standard output as an object.</summary>
    public JsonElement Json
    {
        get
        {
            Assert.EndsWith("}\n", Output, StringComparison.Ordinal);
            using JsonDocument document = JsonDocument.Parse(Lines[^1]);
            return document.RootElement.Clone();
        }
    }

    public Finished ExpectSuccess()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}\n{Error}");
        Assert.Equal("", Error);
        return this;
    }

    /// <summary>One line, nothing of a stack trace.</summary>
    public Finished ExpectFailure(int exitCode, params string[] parts)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}\n{Output}\n{Error}");
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Output + Error, StringComparison.Ordinal);
        foreach (string part in parts)
            Assert.Contains(part, line, StringComparison.Ordinal);
        return this;
    }
}

/// <summary>The built program as a child process, with its output redirected as in a pipe.</summary>
internal static class TranslateProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static string Library { get; } = Path.Combine(AppContext.BaseDirectory, "Translate.dll");

    public static Finished Run(params string[] arguments) => RunWithInput([], arguments);

    public static Finished RunWithInput(byte[] input, params string[] arguments) =>
        Finish(Start("dotnet", ["exec", Library, .. arguments]), input);

    /// <summary>Runs a shell command line; <c>$1</c> and so on are the program and its arguments.</summary>
    public static Finished RunInShell(string script, params string[] arguments) =>
        Finish(Start("bash", ["-c", script, "bash", "dotnet", "exec", Library, .. arguments]), []);

    /// <summary>Starts it and leaves it running; its output is dropped.</summary>
    public static Process StartInBackground(params string[] arguments)
    {
        Process process = Start("dotnet", ["exec", Library, .. arguments]);
        process.StandardInput.Close();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static Process Start(string file, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        return Process.Start(start)!;
    }

    private static Finished Finish(Process process, byte[] input)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"the program did not end within {Patience.TotalSeconds} s");
            }

            return new Finished(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
    }
}
