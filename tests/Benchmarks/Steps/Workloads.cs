namespace Benchmarks.Steps;

/// <summary>Makes what a preset describes.</summary>
internal static class Workloads
{
    public static StepWorkload New(StepPreset preset) =>
        preset.Name == StepPreset.Gpt ? new GptWorkload(preset) : new TranslationWorkload(preset);
}
