using System.CommandLine;
using System.Text.Json;
using Benchmarks.Measuring;
using Benchmarks.Scaling;
using Benchmarks.Steps;
using Xunit;

namespace Benchmarks.Tests.Steps;

public class StepCommandTests
{
    private static readonly string[] Small = ["--batch", "2", "--length", "4", "--model-size", "24", "--steps", "5", "--seconds", "0", "--json"];

    // The whole program in a process of its own.
    [Fact]
    public void The_last_line_of_a_run_is_its_result_as_JSON()
    {
        using JsonDocument result = JsonDocument.Parse(SelfProcess.LastLine(["step", "--preset", "tiny", .. Small]));
        foreach (string name in (string[])["msPerStep", "targetTokensPerSecond", "gflops", "peakShare", "peakMemoryMB", "allocatedBytesPerStep", "forwardMs", "decodeTokensPerSecond", "decodeTokensPerSecondBatch1"])
            Assert.True(result.RootElement.GetProperty(name).GetDouble() > 0, name);
        Assert.Equal(5, result.RootElement.GetProperty("steps").GetInt32());
        Assert.Equal(4, result.RootElement.GetProperty("decodeLength").GetInt32());
        Assert.True(result.RootElement.GetProperty("gen2Collections").GetInt32() >= 0);
    }

    [Fact]
    public void A_result_is_read_back_from_its_JSON()
    {
        StepResult result = JsonLine.Read<StepResult>(SelfProcess.LastLine(["step", "--preset", "gpt", "--train-only", "--threads", "1", .. Small]));
        Assert.Equal(("gpt", 1, 2, 4), (result.Preset, result.Threads, result.Batch, result.Length));
        Assert.InRange(result.MsPerStep, result.MinMsPerStep, result.MaxMsPerStep);
        Assert.Null(result.ForwardMs);
        // At first all 4096 tokens are about equally likely.
        Assert.Equal(Math.Log(4096), result.FirstLoss, 0.3);
    }

    [Fact]
    public void Sizes_that_do_not_fit_each_other_end_the_program_with_the_rule() => Assert.Contains(
        "error: GptConfiguration: ModelSize 25 does not divide into 6 heads",
        Assert.Throws<ChildFailedException>(() => SelfProcess.LastLine("step", "--preset", "gpt", "--model-size", "25")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("--preset", "huge")]
    [InlineData("--threads", "0")]
    [InlineData("--dropout", "1")]
    [InlineData("--length", "1")]
    [InlineData("--threads", "many")]
    [InlineData("--batch", "x")]
    [InlineData("--dropout", "some")]
    [InlineData("--seconds", "few")]
    public void Values_that_cannot_be_are_refused(params string[] arguments) =>
        Assert.NotEmpty(StepCommand.Create().Parse(arguments).Errors);

    [Fact]
    public void Every_point_of_a_scaling_series_is_a_command_that_can_run()
    {
        foreach (ScalingSeries series in ScalingSeries.All)
        {
            foreach (int value in series.Values)
                Assert.Empty(new RootCommand { StepCommand.Create() }.Parse(series.Arguments(value, threads: 2, seconds: 0.5)).Errors);
        }
    }
}
