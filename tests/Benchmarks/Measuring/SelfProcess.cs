using System.Diagnostics;

namespace Benchmarks.Measuring;

/// <summary>This program as a child process: what is measured in a process of its own starts with empty pools and a fresh peak of memory.</summary>
internal static class SelfProcess
{
    /// <summary>How to start it with these arguments, without building anything.</summary>
    public static ProcessStartInfo Start(params ReadOnlySpan<string> arguments)
    {
        ProcessStartInfo start = new("dotnet") { UseShellExecute = false };
        start.ArgumentList.Add(typeof(SelfProcess).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>Runs it and returns the last line that it printed, which with <c>--json</c> is the result.</summary>
    /// <exception cref="ChildFailedException">It failed.</exception>
    public static string LastLine(params ReadOnlySpan<string> arguments) => ChildProcess.LastLine(Start(arguments));
}
