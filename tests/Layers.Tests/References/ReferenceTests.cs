using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Testing;
using Xunit;

namespace Layers.Tests.References;

public class ReferenceTests
{
    public static TheoryData<string, bool> Cases(string topic)
    {
        TheoryData<string, bool> cases = [];
        foreach (string name in Transformer.Testing.References.Load(topic).Keys)
        {
            cases.Add(name, false);
            cases.Add(name, true);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases), "multi_head_attention")]
    public void Multi_head_attention_equals_PyTorch(string name, bool composed)
    {
        ReferenceCase reference = Load("multi_head_attention", name);
        MultiHeadAttention attention = new(6, reference.Integer("headCount"), 0, new RandomStreams(1), DType.Float64) { Composed = composed };
        attention.LoadParameters(reference);
        Tensor query = reference.Leaf("query");
        Tensor key = reference.Has("key") ? reference.Leaf("key") : reference.Has("memory") ? reference.Leaf("memory") : query;
        Tensor value = reference.Has("value") ? reference.Leaf("value") : key;
        // The causal mask of a cross case is aligned at the start, so it is given as a mask; self-attention has its flag.
        bool causal = reference.Has("causalMask") && !reference.Flag("cross");
        Mask? mask = reference.Mask("paddingMask");
        if (reference.Has("causalMask") && !causal)
            mask = mask?.And(reference.Mask("causalMask")!) ?? reference.Mask("causalMask");

        Tensor output = attention.Forward(query, key, value, mask, causal, out Tensor weights);

        ReferenceComparison.Close("output", reference["output"], output);
        ReferenceComparison.Close("weights", reference["weights"], weights);
        List<(string Name, Tensor Tensor)> inputs = [("query", query), ("key", key), ("memory", key), ("value", value)];
        reference.CompareGradients(output, attention, [.. inputs.Where(input => reference.Has(input.Name))]);
    }

    [Theory]
    [InlineData("layer_norm")]
    [InlineData("layer_norm_wide")]
    [InlineData("layer_norm_tiny")]
    [InlineData("layer_norm_offset")]
    public void Layer_norm_equals_PyTorch(string name)
    {
        ReferenceCase reference = Load("layer_norm", name);
        LayerNorm norm = new(reference["weight"].Shape[0], DType.Float64, reference.Number("epsilon"));
        norm.LoadParameters(reference);
        Tensor x = reference.Leaf("x");

        Tensor output = norm.Forward(x);

        ReferenceComparison.Close("output", reference["output"], output);
        reference.CompareGradients(output, norm, ("x", x));
    }

    [Theory]
    [MemberData(nameof(Cases), "encoder_layer")]
    public void Encoder_layer_equals_PyTorch(string name, bool composed)
    {
        ReferenceCase reference = Load("encoder_layer", name);
        EncoderLayer layer = EncoderLayer.Create(
            ReferenceComparison.PlacementOf(reference), ReferenceComparison.Settings(reference, 8, 12), new RandomStreams(1));
        layer.Composed = composed;
        layer.LoadParameters(reference);
        Tensor x = reference.Leaf("x");

        Tensor output = layer.Forward(x, reference.Mask("paddingMask")!.And(reference.Mask("causalMask")!));

        ReferenceComparison.Close("output", reference["output"], output);
        reference.CompareGradients(output, layer, ("x", x));
    }

    [Theory]
    [MemberData(nameof(Cases), "decoder_layer")]
    public void Decoder_layer_equals_PyTorch(string name, bool composed)
    {
        ReferenceCase reference = Load("decoder_layer", name);
        DecoderLayer layer = DecoderLayer.Create(
            ReferenceComparison.PlacementOf(reference), ReferenceComparison.Settings(reference, 8, 12), new RandomStreams(1));
        layer.Composed = composed;
        layer.LoadParameters(reference);
        Tensor x = reference.Leaf("x");
        Tensor memory = reference.Leaf("memory");

        Tensor output = layer.Forward(x, memory, reference.Mask("targetPaddingMask"), reference.Mask("sourcePaddingMask"));

        ReferenceComparison.Close("output", reference["output"], output);
        reference.CompareGradients(output, layer, ("x", x), ("memory", memory));
    }

    [Theory]
    [MemberData(nameof(Cases), "transformer")]
    public void Encoder_and_decoder_equal_PyTorchs_Transformer(string name, bool composed)
    {
        ReferenceCase reference = Load("transformer", name);
        TwoStacks model = new(reference, composed);
        model.LoadParameters(reference);
        Tensor source = reference.Leaf("source");
        Tensor target = reference.Leaf("target");
        Mask sourceMask = reference.Mask("sourcePaddingMask")!;

        Tensor memory = model.Encoder.Forward(source, sourceMask);
        Tensor output = model.Decoder.Forward(target, memory, reference.Mask("targetPaddingMask"), sourceMask);

        ReferenceComparison.Close("memory", reference["memory"], memory);
        ReferenceComparison.Close("output", reference["output"], output);
        reference.CompareGradients(output, model, ("source", source), ("target", target));
    }

    [Theory]
    [MemberData(nameof(Cases), "translation_model")]
    public void The_whole_model_equals_PyTorchs_from_tokens_to_loss(string name, bool composed)
    {
        ReferenceCase reference = Load("translation_model", name);
        TransformerModel model = SmallModels.Of(reference);
        model.Composed = composed;
        model.LoadParameters(reference);

        Tensor logits = model.Forward(reference.Indices("source"), reference.Indices("targetInput"));
        Tensor loss = logits.CrossEntropy(
            reference.Indices("targetOutput"), reference.Number("labelSmoothing"), reference.Integer("paddingIndex"));

        ReferenceComparison.Close("logits", reference["logits"], logits);
        ReferenceComparison.Close("loss", reference["loss"], loss);
        reference.CompareGradients(loss, model);
    }

    [Fact]
    public void Sinusoidal_positions_equal_PyTorchs()
    {
        ReferenceTensor expected = Load("translation_model", "tied_post_norm")["positions"];
        SinusoidalEncoding positions = new(20, expected.Shape[1], DType.Float64);

        Tensor actual = positions.Forward(Tensor.Zeros([1, 5, expected.Shape[1]], DType.Float64));

        ReferenceComparison.Close("positions", expected, actual.Reshape(Shape.Create(expected.Shape)));
    }

    private static ReferenceCase Load(string topic, string name) => Transformer.Testing.References.Load(topic)[name];

    private sealed class TwoStacks : Module
    {
        public TwoStacks(ReferenceCase reference, bool composed)
        {
            LayerSettings settings = ReferenceComparison.Settings(reference, 8, 12);
            NormPlacement placement = ReferenceComparison.PlacementOf(reference);
            RandomStreams streams = new(1);
            Encoder = Register("encoder", new Encoder(reference.Integer("layerCount"), placement, settings, streams));
            Decoder = Register("decoder", new Decoder(reference.Integer("layerCount"), placement, settings, streams));
            Composed = composed;
        }

        public Encoder Encoder { get; }

        public Decoder Decoder { get; }
    }
}
