using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Measuring;

/// <summary>The most memory that the process ever had resident.</summary>
internal static class PeakMemory
{
    private const string Source = "/proc/self/status";

    /// <summary>In MiB: Linux's VmHWM, elsewhere what the system calls the peak working set.</summary>
    public static double Megabytes()
    {
        if (File.Exists(Source) && File.ReadLines(Source).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line)
            return Parse(line);
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / (1024.0 * 1024);
    }

    /// <summary>Reads <c>VmHWM:    12345 kB</c>.</summary>
    internal static double Parse(string line) =>
        double.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
