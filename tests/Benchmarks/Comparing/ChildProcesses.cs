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

    /// <summary>Runs that were repeated.</summary>
    public int ThrownAway { get; private set; }

    /// <summary>Runs a program whose last line is a JSON object.</summary>
    /// <param name="start">The program.</param>
    /// <param name="quiet">False where noise does not matter, or is wanted.</param>
    /// <exception cref="ChildFailedException">It failed, or took too long.</exception>
    public ChildResult Run(ProcessStartInfo start, bool quiet = true)
    {
        (JsonElement json, bool noisy) = Repeat(() => JsonElement.Parse(ChildProcess.LastLine(start)), quiet);
        return new ChildResult(json, noisy);
    }

    /// <summary>Does something with child processes, again where it was noisy.</summary>
    public (T Result, bool Noisy) Repeat<T>(Func<T> run, bool quiet = true)
    {
        for (int attempt = 1; ; attempt++)
        {
            Quiet watch = new();
            T result = run();
            bool noisy = quiet && Noise.IsTooMuch(watch.Others());
            if (!noisy || attempt == Attempts)
                return (result, noisy);
            ThrownAway++;
        }
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
