using System.Diagnostics;
using Benchmarks.Measuring;
using Benchmarks.Peak;
using Benchmarks.Steps;
using Transformer.Autograd.Debugging;

namespace Benchmarks.Profile;

/// <summary>Runs training steps with an <see cref="OperationProfile"/> open.</summary>
internal static class ProfileMeasurement
{
    public static ProfileResult Run(StepPreset preset, StepWorkload workload, int threads, int steps, bool byShape)
    {
        CommandOptions.UseThreads(threads);
        StepMeasurement.WarmUp(workload);
        long update = 0;
        long norm = 0;
        Noise noise = new();
        long began = Stopwatch.GetTimestamp();
        using OperationProfile profile = new(byShape, OperationFlop.Of);
        for (int i = 0; i < steps; i++)
        {
            workload.Gradients(i);
            update += TicksOf(workload.Update);
            norm += TicksOf(workload.Norm);
        }

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double? others = noise.Others();
        double PerStep(double allSeconds) => allSeconds * 1e3 / steps;
        double optimizerMs = PerStep(Seconds(update));
        double normMs = PerStep(Seconds(norm));
        // The norm was computed once more than a step does.
        double step = PerStep(seconds - profile.Overhead.TotalSeconds) - normMs;
        return new ProfileResult
        {
            Preset = preset.Name,
            Threads = threads,
            Batch = preset.BatchSize,
            Length = preset.Length,
            Dropout = preset.DropoutRate,
            Steps = steps,
            MsPerStep = step,
            OptimizerMs = optimizerMs,
            NormMs = normMs,
            PeakGflops = PeakLoops.QuickGflops(threads),
            OthersCpus = others,
            Operations = [.. profile.Times.Select(time => Row(time, steps, step))],
        };
    }

    private static ProfileRow Row(OperationTime time, int steps, double stepMs) => new(
        time.Kind, time.Shapes, (double)Math.Max(time.ForwardCalls, time.BackwardCalls) / steps,
        time.Forward.TotalMilliseconds / steps, time.Backward.TotalMilliseconds / steps,
        Rate(time.ForwardWork, time.Forward), Rate(time.BackwardWork, time.Backward),
        time.Total.TotalMilliseconds / steps / stepMs);

    private static double Rate(double flop, TimeSpan time) => flop > 0 ? flop / time.TotalSeconds * 1e-9 : 0;

    private static long TicksOf(Action action)
    {
        long began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetTimestamp() - began;
    }

    private static double Seconds(long ticks) => Stopwatch.GetElapsedTime(0, ticks).TotalSeconds;
}
