using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests.Models;

/// <summary>Layers from fused operations, and the same from small ones.</summary>
public class ComposedTests
{
    private static readonly Indices Source = new([4, 7, 5, 8, 2, 6, 3, 2, 0, 0], [2, 5]);
    private static readonly Indices Target = new([1, 8, 4, 9, 1, 5, 7, 0], [2, 4]);

    [Theory]
    [InlineData(NormPlacement.Post, Activation.Relu, PositionKind.Sinusoidal, true)]
    [InlineData(NormPlacement.Post, Activation.Gelu, PositionKind.Learned, true)]
    [InlineData(NormPlacement.Pre, Activation.GeluTanh, PositionKind.Learned, true)]
    [InlineData(NormPlacement.Pre, Activation.Relu, PositionKind.Sinusoidal, false)]
    [InlineData(NormPlacement.Post, Activation.Gelu, PositionKind.Sinusoidal, false)]
    public void Logits_and_all_gradients_are_the_same_with_the_same_dropout_masks(
        NormPlacement placement, Activation activation, PositionKind positions, bool training)
    {
        TransformerModel model = new(
            SmallModels.Small with { NormPlacement = placement, Activation = activation, Positions = positions, DropoutRate = 0.3 },
            new RandomStreams(3) { Step = 5 });
        if (!training)
            model.Evaluate();

        (double[] logits, double[][] gradients) = Run(model);
        model.Composed = true;
        (double[] composedLogits, double[][] composedGradients) = Run(model);

        Close(composedLogits, logits);
        Assert.Equal(composedGradients.Length, gradients.Length);
        for (int i = 0; i < gradients.Length; i++)
            Close(composedGradients[i], gradients[i]);
    }

    [Fact]
    public void Another_step_draws_other_masks_in_both_forms()
    {
        RandomStreams streams = new(3);
        TransformerModel model = new(SmallModels.Small with { DropoutRate = 0.3 }, streams);
        foreach (bool composed in (bool[])[false, true])
        {
            model.Composed = composed;
            streams.Step = 1;
            double[] one = Run(model).Logits;
            streams.Step = 2;
            Assert.NotEqual(one, Run(model).Logits);
        }
    }

    [Fact]
    public void A_language_model_has_the_same_loss_and_gradients()
    {
        GptModel model = new(
            new GptConfiguration { VocabularySize = 10, ModelSize = 8, HeadCount = 2, LayerCount = 2, MaximumLength = 6, DropoutRate = 0.2, DType = DType.Float64 },
            new RandomStreams(4));
        Indices next = new([8, 4, 9, 2, 5, 7, 0, 3], [2, 4]);
        Tensor loss = model.Loss(Target, next);
        loss.Backward();
        double[][] gradients = TakeGradients(model);
        model.Composed = true;
        Tensor composed = model.Loss(Target, next);
        composed.Backward();
        Assert.Equal(composed.Item(), loss.Item(), 1e-12);
        foreach ((double[] expected, double[] actual) in TakeGradients(model).Zip(gradients))
            Close(expected, actual);
    }

    [Theory]
    [InlineData(NormPlacement.Post, "ResidualLayerNorm ActivatedLinear Linear ResidualLayerNorm")]
    [InlineData(NormPlacement.Pre, "ResidualDropout LayerNorm ActivatedLinear Linear ResidualDropout")]
    public void An_encoder_layer_has_few_operations_after_its_attention(NormPlacement placement, string expected)
    {
        EncoderLayer layer = EncoderLayer.Create(placement, new LayerSettings(8, 2, 12, 0.1, DType: DType.Float64), new RandomStreams(1));
        Assert.EndsWith(expected, KindsOf(layer), StringComparison.Ordinal);
        layer.Composed = true;
        string composed = KindsOf(layer);
        Assert.DoesNotContain("Residual", composed, StringComparison.Ordinal);
        Assert.EndsWith("Linear Relu Dropout Linear Dropout Add" + (placement == NormPlacement.Post ? " LayerNorm" : string.Empty), composed, StringComparison.Ordinal);
    }

    [Fact]
    public void Composed_is_set_for_all_modules_inside()
    {
        TransformerModel model = new(SmallModels.Small, new RandomStreams(1)) { Composed = true };
        Assert.All(model.Modules(), module => Assert.True(module.Composed));
        model.Decoder.Layers[1].Composed = false;
        Assert.True(model.Composed);
        Assert.All(model.Decoder.Layers[1].Modules(), module => Assert.False(module.Composed));
        Assert.True(model.Decoder.Layers[0].Norm1.Composed);
    }

    private static string KindsOf(EncoderLayer layer)
    {
        using Recorder recorder = new();
        layer.Forward(Tensor.Full([1, 3, 8], 0.5, DType.Float64));
        return string.Join(' ', recorder.ToRecording().Operations.Select(operation => operation.Kind));
    }

    private static (double[] Logits, double[][] Gradients) Run(TransformerModel model)
    {
        Tensor logits = model.Forward(Source, Target);
        logits.CrossEntropy(new Indices([8, 4, 9, 2, 5, 7, 2, 0], [2, 4]), 0.1, 0).Backward();
        return (logits.ToDoubles(), TakeGradients(model));
    }

    private static double[][] TakeGradients(Module model)
    {
        double[][] gradients = [.. model.Parameters().Select(parameter => parameter.Gradient!.ToDoubles())];
        model.ZeroGradients();
        return gradients;
    }

    private static void Close(double[] expected, double[] actual)
    {
        double scale = Math.Max(expected.Max(Math.Abs), 1e-3);
        Assert.All(expected.Zip(actual), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-12 * scale, $"{pair.First:G17} and {pair.Second:G17}"));
    }
}
