using System.Diagnostics;
using System.Text;

namespace BackpropDebugger.Tests.Terminal;

/// <summary>What a finished process left.</summary>
internal sealed record Finished(int ExitCode, string Output, string Error);

/// <summary>The built program as a child process, with its output redirected as in a pipe.</summary>
internal static class DebuggerProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Finished Run(string input, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "BackpropDebugger.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            throw new TimeoutException($"{string.Join(' ', arguments)} took longer than {Patience}");
        }

        return new Finished(process.ExitCode, output.Result, error.Result);
    }
}
