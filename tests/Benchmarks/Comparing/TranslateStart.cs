using System.Diagnostics;
using Benchmarks.Measuring;

namespace Benchmarks.Comparing;

/// <summary>
/// How long the built sample takes from its start to the end of its first training step: it trains on a single batch for one
/// epoch, and says so when that is over.
/// </summary>
internal static class TranslateStart
{
    private const int Pairs = 64;

    /// <summary>Seconds, the median of five starts.</summary>
    /// <exception cref="ChildFailedException">The sample is not built, or failed.</exception>
    public static double Measure()
    {
        string sample = Sample() ?? throw new ChildFailedException("samples/Translate is not built in this program's configuration.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("translate-start");
        try
        {
            string source = Path.Combine(folder.FullName, "source.txt");
            string target = Path.Combine(folder.FullName, "target.txt");
            File.WriteAllLines(source, Enumerable.Range(0, Pairs).Select(i => $"satz nummer {i} von allen"));
            File.WriteAllLines(target, Enumerable.Range(0, Pairs).Select(i => $"sentence number {i} of all"));
            string output = Path.Combine(folder.FullName, "model");
            string[] arguments = [sample, "train", "--source", source, "--target", target, "--epochs", "1", "--out", output];
            return Spread.Of([.. Enumerable.Range(0, 5).Select(_ => SecondsToFirstEpoch(arguments))]).Median;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double SecondsToFirstEpoch(string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        double? seconds = null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (seconds is null && line.StartsWith("epoch", StringComparison.Ordinal))
                seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        process.WaitForExit();
        return seconds ?? throw new ChildFailedException("samples/Translate trained no epoch.");
    }

    // Built with this program, in the same configuration.
    private static string? Sample()
    {
        string[] place = AppContext.BaseDirectory.TrimEnd('/', '\\').Split('/', '\\')[^3..];
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine([folder.FullName, "samples", "Translate", .. place, "Translate.dll"]);
            if (File.Exists(file))
                return file;
        }

        return null;
    }
}
