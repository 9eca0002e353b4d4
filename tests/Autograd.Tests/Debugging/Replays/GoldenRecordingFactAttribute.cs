using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>Runs only where GOLDEN_RECORDING names a file to write a recording to.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoldenRecordingFactAttribute : FactAttribute
{
    public GoldenRecordingFactAttribute()
    {
        if (string.IsNullOrEmpty(Destination))
            Skip = "Set GOLDEN_RECORDING to a file to have the recording of GoldenRecordingTests written there.";
    }

    public static string? Destination { get; } = Environment.GetEnvironmentVariable("GOLDEN_RECORDING");
}
