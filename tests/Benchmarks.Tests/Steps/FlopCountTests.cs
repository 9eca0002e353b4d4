using Benchmarks.Profile;
using Benchmarks.Steps;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Benchmarks.Tests.Steps;

public class FlopCountTests
{
    // By the formula of the PyTorch program, in Python's integers.
    [Theory]
    [InlineData("tiny", 737_673_216.0)]
    [InlineData("small", 22_630_367_232.0)]
    [InlineData("base", 150_692_954_112.0)]
    [InlineData("long", 86_369_107_968.0)]
    public void The_count_is_that_of_the_PyTorch_program(string preset, double flop) =>
        Assert.Equal(flop, FlopCount.Translation(StepPreset.Named(preset)));

    // Sequences of one length have no padding, and then nothing is computed that is not counted, nor the other way round.
    [Theory]
    [InlineData("tiny", 1)]
    [InlineData("gpt", 5)]
    public void The_count_is_what_the_operations_of_a_step_add_up_to(string name, int length)
    {
        StepPreset preset = StepPreset.Named(name) with { ModelSize = 24, FeedForwardSize = 40, LayerCount = 2, HeadCount = 4, VocabularySize = 50, BatchSize = 3, Length = length };
        if (name == StepPreset.Gpt)
            preset = preset with { FeedForwardSize = 4 * preset.ModelSize };
        StepWorkload workload = Workloads.New(preset);
        using OperationProfile profile = new(work: OperationFlop.Of);

        workload.Step(0);

        Assert.Equal(workload.FlopPerStep, profile.Times.Sum(time => time.ForwardWork + time.BackwardWork), 1e-6 * workload.FlopPerStep);
    }
}
