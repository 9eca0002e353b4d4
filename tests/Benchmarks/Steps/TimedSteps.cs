using System.Diagnostics;
using Benchmarks.Measuring;

namespace Benchmarks.Steps;

/// <summary>Training steps one after the other, with what the runtime and the machine did meanwhile.</summary>
internal sealed record TimedSteps
{
    public required Spread Seconds { get; init; }

    public required long AllocatedBytes { get; init; }

    /// <summary>Of the generations 0, 1 and 2; a collection of a generation counts for those below it as well.</summary>
    public required IReadOnlyList<int> Collections { get; init; }

    public required double FirstLoss { get; init; }

    public required double LastLoss { get; init; }

    public required double? Others { get; init; }

    /// <summary>Takes <paramref name="most"/> steps, or after <paramref name="seconds"/> fewer, but at least <paramref name="least"/>.</summary>
    public static TimedSteps Take(StepWorkload workload, int most, int least, double seconds)
    {
        double[] times = new double[most];
        double firstLoss = 0;
        double lastLoss = 0;
        int count = 0;
        int[] collections = Collected();
        Noise noise = new();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long began = Stopwatch.GetTimestamp();
        long now = began;
        while (count < most && (count < least || Stopwatch.GetElapsedTime(began, now).TotalSeconds < seconds))
        {
            lastLoss = workload.Step(count);
            if (count == 0)
                firstLoss = lastLoss;
            long then = now;
            now = Stopwatch.GetTimestamp();
            times[count++] = Stopwatch.GetElapsedTime(then, now).TotalSeconds;
        }

        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        double? others = noise.Others();
        int[] collectedSince = Collected();
        return new TimedSteps
        {
            Seconds = Spread.Of(times.AsSpan(0, count)),
            AllocatedBytes = allocated,
            Collections = [.. collectedSince.Zip(collections, (after, before) => after - before)],
            FirstLoss = firstLoss,
            LastLoss = lastLoss,
            Others = others,
        };
    }

    private static int[] Collected() => [.. Enumerable.Range(0, 3).Select(GC.CollectionCount)];
}
