using Transformer.Autograd.Debugging;
using Xunit;

namespace Samples.Tests.Translate;

/// <summary>Recordings that <c>train</c> leaves behind.</summary>
public sealed class RecordingTests : IDisposable
{
    private readonly SmallText text = new();

    public void Dispose() => text.Dispose();

    private string[] Recordings => [.. Directory.GetFiles(text.Model, "*.recording.safetensors").Order(StringComparer.Ordinal)];

    [Fact]
    public void A_run_that_turns_NaN_says_where_its_recording_is_and_how_to_open_it()
    {
        string path = Path.Combine(text.Model, "trap-step-2.recording.safetensors");
        Finished run = TranslateProgram.Run(text.Train("--epochs", "1", "--learning-rate", "1e30", "--trap", "nan"));
        run.ExpectFailure(1, "step 2", "saved no checkpoint yet", $"the step is recorded in {path}");
        Assert.Contains($"  recorded: {path}", run.Lines);
        Assert.Contains($"  open it: dotnet run --project samples/BackpropDebugger -- --recording {path}", run.Lines);
        Assert.Equal([path], Recordings);
        Recording recording = RecordingFile.Load(path);
        Assert.Contains(recording.Operations, operation => !operation.Output.Values.Statistics.IsFinite);
        Assert.Equal("2", recording.Facts["step"]);
        Assert.Equal("samples/Translate/Running/TrainingRun.cs", recording.Operations[0].UserLine?.File);
        Assert.Equal("<eos>", recording.Words["source"][0].Last(word => word != "<pad>"));
    }

    [Fact]
    public void Recorded_steps_and_a_sprung_norm_trap_leave_the_run_as_it_is()
    {
        string sha256 = TranslateProgram.Run(text.Train("--epochs", "1", "--json")).ExpectSuccess().Json.GetProperty("parametersSha256").GetString()!;
        Assert.Empty(Recordings);
        Finished run = TranslateProgram.Run(text.Train("--epochs", "1", "--json", "--record-every", "8", "--trap", "norm=0.0001")).ExpectSuccess();
        Assert.Equal(sha256, run.Json.GetProperty("parametersSha256").GetString());
        Assert.Equal(
            ["step-16.recording.safetensors", "step-8.recording.safetensors", "trap-step-1.recording.safetensors"],
            Recordings.Select(path => Path.GetFileName(path)));
        Assert.Contains(run.Lines, line => line.StartsWith("step 1: the gradient norm ", StringComparison.Ordinal));
        Assert.Contains("step 8", run.Lines);
    }

    [Theory]
    [InlineData("--trap", "inf")]
    [InlineData("--trap", "norm=")]
    [InlineData("--trap", "norm=-1")]
    [InlineData("--trap", "norm=NaN")]
    [InlineData("--record-every", "0")]
    public void A_wish_that_makes_no_sense_is_refused(string option, string value) =>
        TranslateProgram.Run(text.Train(option, value)).ExpectFailure(2, option, $"'{value}'");
}
