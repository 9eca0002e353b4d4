using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests.Debugging;

/// <summary>A recorded step of a whole model: the same bits as without the recorder, all of them in the recording.</summary>
public class RecordedModelTests
{
    private static readonly Indices Source = new([4, 7, 5, 8, 2, 6, 3, 2, 0, 0], [2, 5]);
    private static readonly Indices Target = new([1, 8, 4, 9, 1, 5, 7, 3], [2, 4]);
    private static readonly Indices Expected = new([8, 4, 9, 2, 5, 7, 3, 2], [2, 4]);

    private static TransformerModel Model(DType dtype, bool composed)
    {
        TransformerModel model = new(SmallModels.Small with { DType = dtype }, new RandomStreams(1) { Step = 7 });
        model.Composed = composed;
        return model;
    }

    private static Tensor Loss(TransformerModel model) => model.Forward(Source, Target).CrossEntropy(Expected, 0.1, 0);

    private static long[] Bits(Tensor tensor) => [.. tensor.ToDoubles().Select(BitConverter.DoubleToInt64Bits)];

    private static long[] Bits(RecordedValues values) => Bits(values.ToTensor(values.DType));

    private static Recording Record(Action body)
    {
        using Recorder recorder = new();
        body();
        return recorder.ToRecording();
    }

    [Theory]
    [InlineData(DType.Float32, false)]
    [InlineData(DType.Float32, true)]
    [InlineData(DType.Float64, false)]
    [InlineData(DType.Float64, true)]
    public void A_recording_changes_no_bit_of_a_step_and_holds_every_gradient(DType dtype, bool composed)
    {
        (TransformerModel plain, TransformerModel model) = (Model(dtype, composed), Model(dtype, composed));
        long[] plainLoss;
        using (Step step = new())
        {
            Tensor loss = Loss(plain);
            plainLoss = Bits(loss);
            loss.Backward();
        }

        long[] recordedLoss = [];
        Recording recording = Record(() =>
        {
            using Step step = new();
            Tensor loss = Loss(model);
            recordedLoss = Bits(loss);
            loss.Backward();
        });

        Assert.Equal(plainLoss, recordedLoss);
        Assert.Equal(plainLoss, Bits(recording.Loss!.Values));
        foreach ((Parameter expected, Parameter actual) in plain.Parameters().Zip(model.Parameters()))
        {
            Assert.Equal(Bits(expected.Gradient!), Bits(actual.Gradient!));
            RecordedTensor recorded = Assert.Single(recording.Tensors, tensor => tensor.IsParameter && tensor.Name == actual.Name);
            Assert.Equal(Bits(actual.Gradient!), Bits(recording.GradientOf(recorded)!));
            Assert.Equal(Bits(actual), Bits(recorded.Values));
        }

        Assert.Contains(recording.Operations, operation => operation.Saved.ContainsKey("mask"));
    }

    [Fact]
    public void Gradients_of_intermediates_are_the_engines_and_what_comes_in_is_what_arrived()
    {
        TransformerModel model = Model(DType.Float64, composed: true);
        Operation[] operations = [];
        Recording recording = Record(() =>
        {
            Tensor loss = Loss(model);
            operations = [.. Tape.Current.Operations];
            foreach (Operation operation in operations)
                operation.Output.KeepsGradient = true;
            loss.Backward();
        });

        Operation[] walked = [.. operations.Where(operation => operation.Output.Gradient is not null)];
        TimelineEvent[] backward = [.. recording.Timeline.Where(entry => entry.Kind == TimelineEventKind.Backward)];
        Assert.Equal(walked.Length, backward.Length);
        foreach ((Operation operation, TimelineEvent entry) in walked.Reverse().Zip(backward))
        {
            Assert.Equal(operation.Kind, entry.Operation!.Kind);
            Assert.Equal(Bits(operation.Output.Gradient!), Bits(entry.Gradient!));
            Assert.Equal(Bits(entry.Gradient!), Bits(recording.GradientOf(entry.Tensor, entry.Number - 1)!));
            Assert.Equal(Bits(entry.Gradient!), Bits(recording.GradientOf(entry.Tensor)!));
        }
    }

    [Fact]
    public void The_composed_form_has_every_module_of_the_model()
    {
        TransformerModel model = Model(DType.Float32, composed: true);
        Recording recording = Record(() => Loss(model).Backward());

        Assert.Equal(
            ["source_embedding", "source_positions", "source_dropout", "encoder.layers.0.self_attn", "encoder.layers.0.self_attn.out_proj"],
            recording.Operations.Select(operation => operation.Module).Where(path => path.Length > 0).Distinct().Take(5));
        string[] ran = [.. recording.Operations.Select(operation => operation.Module)];
        Assert.All(model.Modules().Where(module => module.Children.Count == 0), module => Assert.Contains(module.Path, ran));
    }

    [Fact]
    public void Each_operation_is_filed_under_its_module_and_its_layers_line()
    {
        TransformerModel model = Model(DType.Float32, composed: false);
        Recording recording = Record(() => Loss(model).Backward());

        Assert.Equal(
            ["source_embedding", "encoder.layers.0.self_attn", "encoder.layers.0.self_attn.out_proj", "encoder.layers.0.norm1", "encoder.layers.0.feed_forward.linear1"],
            recording.Operations.Select(operation => operation.Module).Where(path => path.Length > 0).Distinct().Take(5));
        RecordedOperation attention = recording.Operations.First(operation => operation.Kind == "ScaledDotProductAttention");
        Assert.Equal("encoder.layers.0.self_attn", attention.Module);
        Assert.Equal("MultiHeadAttention", attention.ModuleKind);
        Assert.Equal("src/Layers/Attention/MultiHeadAttention.cs", attention.LayerLine!.File);
        Assert.Contains("AttendPacked", attention.LayerLine.Text, StringComparison.Ordinal);
        Assert.Equal("MultiHeadAttention.Forward", attention.LayerLine.Method);
        Assert.Equal("tests/Layers.Tests/Debugging/RecordedModelTests.cs", attention.UserLine!.File);
        Assert.Equal("RecordedModelTests.Loss", attention.UserLine.Method);

        // Every module with parameters is there, under the path that its parameters' names begin with.
        foreach (string path in model.Modules().Where(module => module is Linear or LayerNorm or Embedding).Select(module => module.Path))
            Assert.Contains(recording.Operations, operation => operation.Module == path);
        RecordedOperation loss = recording.Operations[^1];
        Assert.Equal(("CrossEntropy", string.Empty), (loss.Kind, loss.Module));
        Assert.All(recording.Operations, operation =>
        {
            foreach (SourceFrame line in (SourceFrame[])[operation.UserLine!, operation.LayerLine!])
            {
                Assert.False(Path.IsPathRooted(line.File), line.File);
                Assert.DoesNotContain("..", line.File, StringComparison.Ordinal);
                Assert.True(line.Line > 0 && line.Text.Length > 0);
            }
        });
    }

    [Fact]
    public void Keys_and_values_that_decoding_caches_belong_to_their_attention()
    {
        TransformerModel model = Model(DType.Float64, composed: false);
        MultiHeadAttention attention = model.Decoder.Layers[1].CrossAttention;
        Recording recording = Record(() => attention.KeysAndValues(Tensor.Zeros([2, 3, 8], DType.Float64)));
        Assert.All(recording.Operations, operation => Assert.Equal(attention.Path, operation.Module));
    }

    [Fact]
    public void A_recording_of_two_steps_tells_the_parameters_versions_apart()
    {
        TransformerModel model = Model(DType.Float64, composed: false);
        Parameter bias = model.Output.Bias!;
        Recording recording = Record(() =>
        {
            for (int i = 0; i < 2; i++)
            {
                model.ZeroGradients();
                using Step step = new();
                Loss(model).Backward();
                bias.Edit<double>(values => values[0] += 0.5);
            }
        });
        Assert.Equal(["output.bias", "output.bias@2"], recording.Tensors.Where(tensor => tensor.Name == "output.bias").Select(tensor => tensor.Label));
        Assert.Equal(Bits(bias.Gradient!), Bits(recording.GradientOf(recording.Tensors.Single(tensor => tensor.Label == "output.bias@2"))!));
        Assert.Equal(
            Bits(model.Encoder.Layers[0].FeedForward.Parameters().First().Gradient!),
            Bits(recording.GradientOf(recording.Tensors.Single(tensor => tensor.Name == "encoder.layers.0.linear1.weight"))!));
    }
}
