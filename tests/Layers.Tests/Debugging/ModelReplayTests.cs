using System.Globalization;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Transformer.Layers;
using Transformer.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Layers.Tests.Debugging;

/// <summary>A whole training step of a TransformerModel with dropout: replayed to the bit, and checked by finite differences.</summary>
public class ModelReplayTests(ITestOutputHelper output)
{
    private static readonly Indices Source = new([4, 7, 5, 8, 2, 6, 3, 2, 0, 0], [2, 5]);
    private static readonly Indices Target = new([1, 8, 4, 9, 1, 5, 7, 3], [2, 4]);
    private static readonly Indices Expected = new([8, 4, 9, 2, 5, 7, 3, 2], [2, 4]);

    private static Recording Record(DType dtype, bool composed = false, ulong seed = 1)
    {
        TransformerModel model = new(SmallModels.Small with { DType = dtype, EncoderLayerCount = 1, DecoderLayerCount = 1 }, new RandomStreams(seed));
        model.Composed = composed;
        using Step step = new();
        using Recorder recorder = new(new RecordingOptions { SourceLines = false });
        recorder.AddFact("title", "a small model");
        model.Forward(Source, Target).CrossEntropy(Expected, 0.1, 0).Backward();
        return recorder.ToRecording();
    }

    [Theory]
    [InlineData(DType.Float32, false)]
    [InlineData(DType.Float64, false)]
    [InlineData(DType.Float32, true)]
    [InlineData(DType.Float64, true)]
    public void A_training_step_replays_to_the_same_bits(DType dtype, bool composed)
    {
        Recording recording = Record(dtype, composed);

        Recording again = Replay.Run(recording).Recording;

        Assert.Equal(RecordingBits.Of(recording), RecordingBits.Of(again));
        Assert.Contains(recording.Operations, operation => operation.Saved.ContainsKey("mask") && operation.Kind == (composed ? "Dropout" : "TokenEmbedding"));
        Assert.Empty(RecordingComparison.Compare(recording, again));
    }

    [Fact]
    public void A_step_in_single_precision_replays_in_double_precision_with_the_same_masks()
    {
        Recording recording = Record(DType.Float32);

        Recording doubled = Replay.Run(recording, DType.Float64).Recording;

        Assert.Equal(recording.Loss!.Values.ValueAt(0), doubled.Loss!.Values.ValueAt(0), 1e-5);
        foreach ((RecordedOperation single, RecordedOperation twice) in recording.Operations.Zip(doubled.Operations))
        {
            if (single.Saved.TryGetValue("mask", out RecordedValues? mask))
                Assert.Equal(Zeros(mask), Zeros(twice.Saved["mask"]));
        }

        static IEnumerable<bool> Zeros(RecordedValues mask) => Enumerable.Range(0, mask.Count).Select(i => mask.ValueAt(i) == 0);
    }

    [Fact]
    public void A_hundred_random_elements_of_a_training_step_agree_with_finite_differences()
    {
        Recording recording = Record(DType.Float64);
        RecordedTensor[] tensors = [.. recording.Tensors.Where(tensor => tensor.Shape.ElementCount > 0 && recording.GradientOf(tensor) is not null)];
        RandomKey key = new(2017, 1, 1, 1);
        FiniteDifferenceReport? worst = null;
        int computed = 0;
        for (int i = 0; i < 100; i++)
        {
            RecordedTensor tensor = tensors[Philox.UInt32At(key, 2 * i) % (uint)tensors.Length];
            int position = (int)(Philox.UInt32At(key, (2 * i) + 1) % (uint)tensor.Shape.ElementCount);
            FiniteDifferenceReport report = FiniteDifference.Check(recording, tensor, position);
            Assert.True(report.Agrees && !report.HasKink && report.RelativeError <= 1e-6, report.ToString());
            Assert.Equal(report.Recorded, report.Replayed);
            computed += tensor.Producer is null ? 0 : 1;
            if (worst is null || report.RelativeError > worst.RelativeError)
                worst = report;
        }

        Assert.InRange(computed, 20, 80);
        output.WriteLine(worst!.ToString());
    }

    [Fact]
    public void No_operation_of_a_training_step_has_a_local_error()
    {
        Recording recording = Record(DType.Float64);
        LocalErrorReport[] reports =
        [
            .. recording.Timeline.Where(entry => entry.Kind == TimelineEventKind.Backward).Select(entry => FiniteDifference.LocalError(recording, entry)),
        ];

        LocalErrorReport worst = reports.MaxBy(report => report.RelativeError)!;
        output.WriteLine(worst.ToString());
        Assert.All(reports, report => Assert.True(report.RelativeError <= 1e-6, report.ToString()));
    }

    [Fact]
    public void An_edited_parameter_gives_what_the_model_computes_with_it()
    {
        Recording recording = Record(DType.Float64);
        RecordedTensor weight = recording.Tensors.Single(tensor => tensor.Name == "encoder.layers.0.self_attn.in_proj_weight");
        TransformerModel model = new(SmallModels.Small with { EncoderLayerCount = 1, DecoderLayerCount = 1 }, new RandomStreams(1));
        model.Encoder.Layers[0].SelfAttention.InProjectionWeight.Edit<double>(values => values[29] = 1.5);

        Recording edited = Replay.Run(recording, null, new ValueEdit(weight, 29, 1.5)).Recording;
        Tensor loss = model.Forward(Source, Target).CrossEntropy(Expected, 0.1, 0);
        loss.Backward();

        Assert.NotEqual(recording.Loss!.Values.ValueAt(0), edited.Loss!.Values.ValueAt(0));
        Assert.Equal(loss.Item(), edited.Loss.Values.ValueAt(0));
        foreach ((string name, Parameter parameter) in model.NamedParameters())
        {
            RecordedTensor tensor = edited.Tensors.Single(tensor => tensor.Label == name);
            Assert.Equal(parameter.Gradient!.ToDoubles(), edited.GradientOf(tensor)!.ToTensor(DType.Float64).ToDoubles());
        }
    }

    [Fact]
    public void The_composed_and_the_fused_form_differ_in_structure_alone()
    {
        IReadOnlyList<RecordingDifference> differences =
            RecordingComparison.Compare(Record(DType.Float64), Record(DType.Float64, composed: true), tolerance: 1e-11);

        RecordingDifference parting = Assert.Single(differences);
        Assert.StartsWith("the recordings part:", parting.What);
        Assert.Contains("#1 TokenEmbedding in source_embedding in the first, #1 Gather in source_embedding in the second", parting.What);
        IReadOnlyList<RecordingDifference> otherSeed = RecordingComparison.Compare(Record(DType.Float64), Record(DType.Float64, composed: true, seed: 2));
        Assert.Contains(otherSeed, difference => difference.What.StartsWith("output of encoder.layers.0 ", StringComparison.Ordinal));
        output.WriteLine(RecordingComparison.Describe(otherSeed, 5));
    }

    [Fact]
    public void Every_fused_operation_of_a_step_has_its_composed_form_beside_it()
    {
        Recording recording = Record(DType.Float64);
        ComposedForm[] forms =
        [
            .. recording.Operations.Where(operation => operation.Kind is not ("Slice" or "Reshape"))
                .Select(operation => ComposedForm.Of(recording, operation)!),
        ];

        Assert.All(forms, form => Assert.True(form.LargestDifference < 1e-13 && form.LargestGradientDifference < 1e-13, form.ToString()));
        Assert.Contains(forms, form => form.Operation.Kind == "ScaledDotProductAttention" && form.Recording.Operations.Any(o => o.Kind == "Dropout"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{forms.Length} forms, worst {forms.Max(form => form.LargestGradientDifference):G2}"));
    }
}
