using System.Diagnostics;
using Benchmarks.Measuring;
using Benchmarks.Peak;

namespace Benchmarks.Steps;

/// <summary>How a step is measured.</summary>
/// <param name="Threads">Of the kernels.</param>
/// <param name="Steps">Timed steps, at most.</param>
/// <param name="Seconds">After so long the timed steps end, with at least five.</param>
/// <param name="TrainOnly">True to leave out the forward pass alone and decoding.</param>
/// <param name="Hog">True to let another process hold one core meanwhile.</param>
internal sealed record StepOptions(int Threads, int Steps = 40, double Seconds = 20, bool TrainOnly = false, bool Hog = false);

/// <summary>Warms a workload up and takes its times, in the order and with the counts of the PyTorch programs.</summary>
internal static class StepMeasurement
{
    private const int LeastSteps = 5;
    private const int LeastWarmUp = 3;
    private const int MostWarmUp = 10;
    private const double WarmUpSeconds = 2;

    public static StepResult Run(StepPreset preset, StepWorkload workload, StepOptions options)
    {
        CommandOptions.UseThreads(options.Threads);
        WarmUp(workload);
        TimedSteps timed = Timed(workload, options);
        double memory = PeakMemory.Megabytes();
        double gflops = workload.FlopPerStep / timed.Seconds.Median * 1e-9;
        double peak = PeakLoops.QuickGflops(options.Threads);
        StepResult result = new()
        {
            Preset = preset.Name,
            Threads = options.Threads,
            Batch = preset.BatchSize,
            Length = preset.Length,
            Dropout = preset.DropoutRate,
            Parameters = workload.ParameterCount,
            Steps = timed.Seconds.Count,
            MsPerStep = timed.Seconds.Median * 1e3,
            MinMsPerStep = timed.Seconds.Minimum * 1e3,
            MaxMsPerStep = timed.Seconds.Maximum * 1e3,
            TargetTokensPerSecond = workload.TargetTokens / timed.Seconds.Median,
            Gflops = gflops,
            PeakGflops = peak,
            PeakShare = gflops / peak,
            PeakMemoryMB = memory,
            AllocatedBytesPerStep = timed.AllocatedBytes / (double)timed.Seconds.Count,
            Gen0Collections = timed.Collections[0],
            Gen1Collections = timed.Collections[1],
            Gen2Collections = timed.Collections[2],
            FirstLoss = timed.FirstLoss,
            LastLoss = timed.LastLoss,
            OthersCpus = timed.Others,
            Hog = options.Hog,
        };
        return options.TrainOnly ? result : WithInference(result, workload);
    }

    public static void WarmUp(StepWorkload workload)
    {
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < LeastWarmUp || (i < MostWarmUp && Stopwatch.GetElapsedTime(began).TotalSeconds < WarmUpSeconds); i++)
            workload.Step(i);
    }

    private static TimedSteps Timed(StepWorkload workload, StepOptions options)
    {
        using SpinningProcess? hog = options.Hog ? new SpinningProcess(core: 0) : null;
        return TimedSteps.Take(workload, options.Steps, LeastSteps, options.Seconds);
    }

    private static StepResult WithInference(StepResult result, StepWorkload workload)
    {
        workload.Evaluate();
        result = result with { ForwardMs = Sampling.Seconds(() => workload.Forward(), samples: 7, mostSeconds: 8).Median * 1e3 };
        int length = workload.DecodeLength;
        if (length == 0)
            return result;
        double batch = Sampling.Seconds(() => workload.Decode(result.Batch), samples: 5, mostSeconds: 10).Median;
        double one = Sampling.Seconds(() => workload.Decode(1), samples: 7).Median;
        return result with
        {
            DecodeLength = length,
            DecodeTokensPerSecond = result.Batch * length / batch,
            DecodeTokensPerSecondBatch1 = length / one,
        };
    }
}
