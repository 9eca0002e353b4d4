using System.ComponentModel;
using System.Diagnostics;

namespace Benchmarks.Measuring;

/// <summary>A child process did not start, failed or took too long; the message says which, and what it printed.</summary>
internal sealed class ChildFailedException(string message) : Exception(message);

/// <summary>Runs a program to its end.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>The last line that it printed, which is the result.</summary>
    /// <exception cref="ChildFailedException">It did not come to its end.</exception>
    public static string LastLine(ProcessStartInfo start)
    {
        string command = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Started(start, command);
        // Both at once: a pipe that nobody empties would stop the process.
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new ChildFailedException($"'{command}' took longer than {Limit.TotalMinutes} minutes.");
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new ChildFailedException($"'{command}' ended with code {process.ExitCode}.\n{output.Result}{errors.Result}");
        return output.Result.TrimEnd().Split('\n')[^1];
    }

    private static Process Started(ProcessStartInfo start, string command)
    {
        try
        {
            return Process.Start(start) ?? throw new ChildFailedException($"'{command}' did not start.");
        }
        catch (Win32Exception exception)
        {
            throw new ChildFailedException($"'{command}' did not start: {exception.Message}.");
        }
    }
}
