using Benchmarks.Steps;

namespace Benchmarks.Scaling;

/// <summary>How time and memory of a step grow with one of its sizes. The names are those of the JSON.</summary>
/// <param name="Series">What grows.</param>
/// <param name="Options">What stays.</param>
/// <param name="Points">One process each.</param>
internal sealed record ScalingResult(string Series, string Options, IReadOnlyList<ScalingPoint> Points)
{
    /// <summary>p of time ∝ sizeᵖ.</summary>
    public double TimeExponent => PowerLaw.Fit([.. Points.Select(point => ((double)point.Size, point.MsPerStep))]).Exponent;

    /// <summary>p of peak memory ∝ sizeᵖ.</summary>
    public double MemoryExponent => PowerLaw.Fit([.. Points.Select(point => ((double)point.Size, point.PeakMemoryMB))]).Exponent;

    /// <summary>The largest factor of time from one point to the next, where the size doubles.</summary>
    public double LargestTimeFactor => LargestFactor(point => point.MsPerStep);

    /// <summary>The same of peak memory.</summary>
    public double LargestMemoryFactor => LargestFactor(point => point.PeakMemoryMB);

    private double LargestFactor(Func<ScalingPoint, double> value) =>
        Points.Zip(Points.Skip(1), (before, after) => value(after) / value(before)).Max();
}

/// <summary>A step at one size.</summary>
internal sealed record ScalingPoint(
    int Size, double MsPerStep, double MinMsPerStep, double MaxMsPerStep, double Gflops, double PeakMemoryMB, double? OthersCpus, bool TooNoisy)
{
    public static ScalingPoint Of(int size, StepResult step) => new(
        size, step.MsPerStep, step.MinMsPerStep, step.MaxMsPerStep, step.Gflops, step.PeakMemoryMB, step.OthersCpus, step.TooNoisy);
}
