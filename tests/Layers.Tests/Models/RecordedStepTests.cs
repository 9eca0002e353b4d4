using System.Diagnostics;
using System.Globalization;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Xunit;
using Xunit.Abstractions;

namespace Layers.Tests.Models;

/// <summary>A whole training step's forward and backward pass in one file.</summary>
public class RecordedStepTests(ITestOutputHelper output)
{
    private const int Batch = 16;
    private const int Length = 12;
    private const int Repetitions = 3;

    private static TransformerConfiguration Configuration => SmallModels.Small with
    {
        SourceVocabularySize = 300,
        TargetVocabularySize = 300,
        ModelSize = 64,
        HeadCount = 4,
        FeedForwardSize = 128,
        DType = DType.Float32,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_recorded_step_is_loaded_with_the_gradients_that_the_engine_left(bool composed)
    {
        TransformerModel model = new(Configuration, new RandomStreams(1));
        model.Composed = composed;
        Indices tokens = new([.. Enumerable.Range(0, Batch * Length).Select(i => i % Length == Length - 1 ? 0 : 1 + (i * 37 % 299))], [Batch, Length]);
        double plain = Fastest(() => Step(model, tokens));
        Recording recording = null!;
        double recorded = Fastest(() => recording = Record(model, tokens));
        MemoryStream file = new();
        double saving = Fastest(() =>
        {
            file.SetLength(0);
            RecordingFile.Write(recording, file);
        });
        Recording loaded = null!;
        double loading = Fastest(() =>
        {
            file.Position = 0;
            loaded = RecordingFile.Read(file, "step.safetensors");
        });
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(composed ? "composed" : "fused")} attention, batch {Batch} x {Length}, {model.Parameters().Sum(parameter => (long)parameter.Count):N0} parameters: {recording.Operations.Count} operations, {recording.Timeline.Count} events, file {file.Length:N0} bytes; step {plain:F1} ms, recorded {recorded:F1} ms, saved in {saving:F1} ms, loaded in {loading:F1} ms"));

        foreach ((string name, Parameter parameter) in model.NamedParameters())
        {
            RecordedTensor tensor = Assert.Single(loaded.Tensors, tensor => tensor.Name == name);
            Assert.True(tensor.IsParameter);
            Assert.Equal(parameter.Values<float>(), tensor.Values.Values<float>());
            Assert.Equal(parameter.Gradient!.Values<float>(), loaded.GradientOf(tensor)!.Values<float>());
        }

        Assert.Contains(loaded.Operations, operation => operation.Module == "encoder.layers.0.self_attn");
        MemoryStream again = new();
        RecordingFile.Write(loaded, again);
        Assert.True(file.ToArray().AsSpan().SequenceEqual(again.ToArray()), "the loaded recording is saved as other bytes");
    }

    private static Recording Record(TransformerModel model, Indices tokens)
    {
        using Recorder recorder = new();
        Step(model, tokens);
        return recorder.ToRecording();
    }

    private static void Step(TransformerModel model, Indices tokens)
    {
        foreach (Parameter parameter in model.Parameters())
            parameter.ZeroGradient();
        using Step step = new();
        model.Forward(tokens, tokens).CrossEntropy(tokens, 0.1, 0).Backward();
    }

    // In milliseconds; the first run compiles the code, and others may hold the machine.
    private static double Fastest(Action action) => Enumerable.Range(0, Repetitions).Min(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    });
}
