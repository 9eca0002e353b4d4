using System.Globalization;

namespace Benchmarks.Measuring;

/// <summary>What is printed of <see cref="Noise"/>, with every run.</summary>
internal static class NoiseText
{
    /// <param name="others">What <see cref="Noise.Others"/> gave.</param>
    /// <param name="isWanted">True where a process of our own made the noise.</param>
    public static void Print(double? others, bool isWanted = false) => Console.WriteLine(Of(others, isWanted));

    internal static string Of(double? others, bool isWanted) => others switch
    {
        null => "Other processes: unknown on this system.",
        _ when isWanted => Text($"Other processes took {others:F2} processors, one of them as asked."),
        _ when Noise.IsTooMuch(others) => Text($"NOISY: other processes took {others:F2} processors, above {Noise.Tolerable}; do not use this run."),
        _ => Text($"Other processes took {others:F2} processors."),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
