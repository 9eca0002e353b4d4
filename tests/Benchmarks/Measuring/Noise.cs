using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Measuring;

/// <summary>
/// CPU time that others took while something was measured: other processes, and the host of a virtual machine. A run in which
/// they took much says little about the program. Known on Linux only.
/// </summary>
internal sealed class Noise
{
    /// <summary>Above this many processors the run is not to be used.</summary>
    public const double Tolerable = 0.1;

    // The kernel counts in USER_HZ, which it fixes at 100 whatever its own timer does.
    private const double TicksPerSecond = 100;

    private readonly long began = Stopwatch.GetTimestamp();
    private readonly MachineTime? machine = MachineTime.Now();
    private readonly double own = OwnSeconds();

    /// <summary>Processors that were busy with others since this object was made; null where that is unknown.</summary>
    public double? Others() => machine is { } before && MachineTime.Now() is { } after
        ? Share(before, after, OwnSeconds() - own, Stopwatch.GetElapsedTime(began).TotalSeconds)
        : null;

    /// <summary>Whether a run with this much noise is to be thrown away.</summary>
    public static bool IsTooMuch(double? others) => others > Tolerable;

    /// <summary>Busy and stolen time that is not the process's own, in processors.</summary>
    internal static double Share(MachineTime before, MachineTime after, double ownSeconds, double seconds) =>
        Math.Max(0, (after.Busy - before.Busy - ownSeconds) / seconds) + (after.Stolen - before.Stolen) / seconds;

    private static double OwnSeconds()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>What all processors together did since the machine started, in seconds.</summary>
    /// <param name="Busy">Running something.</param>
    /// <param name="Stolen">Taken by the host of a virtual machine.</param>
    internal readonly record struct MachineTime(double Busy, double Stolen)
    {
        private const string Source = "/proc/stat";

        public static MachineTime? Now() => File.Exists(Source) ? Parse(File.ReadLines(Source).First()) : null;

        /// <summary>Reads <c>cpu user nice system idle iowait irq softirq steal …</c>, in ticks.</summary>
        public static MachineTime Parse(string line)
        {
            double[] ticks = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
            double busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6];
            return new MachineTime(busy / TicksPerSecond, ticks[7] / TicksPerSecond);
        }
    }
}
