using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Benchmarks.Measuring;

namespace Benchmarks.Comparing;

/// <summary>What a child process printed as its last line, and whether the machine was quiet meanwhile.</summary>
internal sealed record ChildResult(JsonElement Json, bool Noisy)
{
    public double Number(string name) => Json.GetProperty(name).GetDouble();
}

/// <summary>
/// Runs child processes one after the other. A run in which anything else took more than a tenth of a core is thrown away and
/// repeated a few times; what is still noisy then is marked.
/// </summary>
internal sealed class ChildProcesses
{
    private const int Attempts = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Runs that were repeated.</summary>
    public int ThrownAway { get; private set; }

    /// <summary>Runs a program whose last line is a JSON object.</summary>
    /// <param name="start">The program.</param>
    /// <param name="quiet">False where noise does not matter, or is wanted.</param>
    /// <exception cref="InvalidOperationException">It failed, or took too long.</exception>
    public ChildResult Run(ProcessStartInfo start, bool quiet = true)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        for (int attempt = 1; ; attempt++)
        {
            Quiet watch = new();
            JsonElement json = LastLine(start);
            bool noisy = quiet && Noise.IsTooMuch(watch.Others());
            if (!noisy || attempt == Attempts)
                return new ChildResult(json, noisy);
            ThrownAway++;
        }
    }

    private static JsonElement LastLine(ProcessStartInfo start)
    {
        string command = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{command}' did not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"'{command}' took longer than {Limit.TotalMinutes} minutes.");
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{command}' ended with code {process.ExitCode}.\n{output.Result}{errors.Result}");
        using JsonDocument document = JsonDocument.Parse(output.Result.TrimEnd().Split('\n')[^1]);
        return document.RootElement.Clone();
    }

    /// <summary>Like <see cref="Noise"/>, with the time of ended child processes counted as our own.</summary>
    private sealed class Quiet
    {
        private const double TicksPerSecond = 100;

        private readonly long began = Stopwatch.GetTimestamp();
        private readonly Noise.MachineTime? machine = Noise.MachineTime.Now();
        private readonly double own = OwnSeconds();

        public double? Others() => machine is { } before && Noise.MachineTime.Now() is { } after
            ? Noise.Share(before, after, OwnSeconds() - own, Stopwatch.GetElapsedTime(began).TotalSeconds)
            : null;

        // utime, stime, cutime and cstime; the fields before them begin anew behind the name, which may hold blanks.
        private static double OwnSeconds()
        {
            const string Source = "/proc/self/stat";
            if (!File.Exists(Source))
                return 0;
            string line = File.ReadAllText(Source);
            string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return fields[11..15].Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }
}
