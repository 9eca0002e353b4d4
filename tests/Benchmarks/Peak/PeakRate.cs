using System.Diagnostics;
using Benchmarks.Measuring;

namespace Benchmarks.Peak;

/// <summary>Runs a <see cref="PeakLoop"/> on several threads at once and adds up their rates.</summary>
internal static class PeakRate
{
    /// <summary>Work a second of all threads together.</summary>
    /// <param name="newLoop">Makes one thread's loop, with memory of its own; called on that thread.</param>
    /// <param name="threads">How many run at once.</param>
    /// <param name="repetitions">Values to take.</param>
    /// <param name="seconds">How long each takes.</param>
    public static Spread PerSecond(Func<PeakLoop> newLoop, int threads, int repetitions = 9, double seconds = 0.05)
    {
        double[][] rates = new double[threads][];
        using Barrier together = new(threads);
        Thread[] others = new Thread[threads - 1];
        for (int i = 0; i < others.Length; i++)
        {
            int thread = i + 1;
            others[i] = new Thread(() => rates[thread] = Rates(newLoop(), together, repetitions, seconds)) { IsBackground = true };
            others[i].Start();
        }

        rates[0] = Rates(newLoop(), together, repetitions, seconds);
        foreach (Thread other in others)
            other.Join();
        double[] sums = new double[repetitions];
        for (int i = 0; i < repetitions; i++)
            sums[i] = rates.Sum(ofThread => ofThread[i]);
        return Spread.Of(sums);
    }

    private static double[] Rates(PeakLoop loop, Barrier together, int repetitions, double seconds)
    {
        float sum = 0;
        long rounds = RoundsThatLast(loop, seconds, ref sum);
        double[] rates = new double[repetitions];
        for (int i = 0; i < repetitions; i++)
        {
            together.SignalAndWait();
            double elapsed = SecondsOf(loop, rounds, ref sum);
            rates[i] = loop.WorkPerRound * rounds / elapsed;
        }

        GC.KeepAlive(sum);
        return rates;
    }

    private static long RoundsThatLast(PeakLoop loop, double seconds, ref float sum)
    {
        for (long rounds = 1; ; rounds *= 2)
        {
            double elapsed = SecondsOf(loop, rounds, ref sum);
            if (elapsed > seconds / 4)
                return Math.Max(1, (long)(rounds * seconds / elapsed));
        }
    }

    private static double SecondsOf(PeakLoop loop, long rounds, ref float sum)
    {
        long began = Stopwatch.GetTimestamp();
        sum += loop.Run(rounds);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
