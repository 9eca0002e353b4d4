using System.Diagnostics;

namespace Benchmarks.Measuring;

/// <summary>Times an action again and again.</summary>
internal static class Sampling
{
    private const int LeastSamples = 3;
    private const int MostWarmUpCalls = 1000;

    /// <summary>Seconds a call takes.</summary>
    /// <param name="action">What is timed.</param>
    /// <param name="samples">Values to take, each over as many calls as last <paramref name="sampleSeconds"/>.</param>
    /// <param name="sampleSeconds">0 for one call each.</param>
    /// <param name="warmUpSeconds">Spent on calls before, which are not counted.</param>
    /// <param name="mostSeconds">After so long it stops early, with at least three values.</param>
    public static Spread Seconds(Action action, int samples, double sampleSeconds = 0, double warmUpSeconds = 0.3, double mostSeconds = 5)
    {
        action();
        double spent = 0;
        double one = 0;
        for (int i = 0; i < MostWarmUpCalls && spent < warmUpSeconds; i++)
        {
            one = SecondsOf(action, 1);
            spent += one;
        }

        int calls = Math.Max(1, (int)(sampleSeconds / Math.Max(one, 1e-9)));
        List<double> values = new(samples);
        long began = Stopwatch.GetTimestamp();
        while (values.Count < samples && (values.Count < LeastSamples || Stopwatch.GetElapsedTime(began).TotalSeconds < mostSeconds))
            values.Add(SecondsOf(action, calls) / calls);
        return Spread.Of([.. values]);
    }

    private static double SecondsOf(Action action, int calls)
    {
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            action();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
