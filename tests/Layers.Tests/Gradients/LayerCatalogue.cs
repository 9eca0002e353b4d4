using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Layers;
using Dropout = Transformer.Layers.Dropout;

namespace Layers.Tests.Gradients;

/// <summary>A layer with inputs, as a function of leaves that a gradient check can vary.</summary>
/// <param name="Module">The layer; all its parameters are varied.</param>
/// <param name="Function">Computes the output, the same way each time: dropout draws the same mask.</param>
/// <param name="Inputs">Further leaves.</param>
public sealed record LayerCase(Module Module, Func<Tensor> Function, params Tensor[] Inputs)
{
    public Tensor[] Leaves => [.. Module.Parameters(), .. Inputs];
}

/// <summary>Every layer of the library in its variants, at random sizes. A test fails where a layer has no row here.</summary>
internal static class LayerCatalogue
{
    private const double Rate = 0.25;
    private const double StackRate = 0.05;

    public static IReadOnlyList<(string Name, Func<LayerSizes, LayerCase> Make)> Rows { get; } =
    [
        ("Linear", s => Unary(s, new Linear(s.ModelSize, 3, Streams(s), DType.Float64), (layer, x) => layer.Forward(x))),
        ("Embedding", s => Of(s, new Embedding(7, s.ModelSize, null, Streams(s), DType.Float64), layer => layer.Forward(Tokens(s, s.TargetLength, 1, 7)))),
        ("LayerNorm", s => Unary(s, new LayerNorm(s.ModelSize, DType.Float64), (layer, x) => layer.Forward(x))),
        ("Dropout", s => Unary(s, new Dropout(Rate, Streams(s)), (layer, x) => layer.Forward(x))),
        ("FeedForward GELU", s => Unary(s, new FeedForward(Settings(s), Streams(s)), (layer, x) => layer.Forward(x))),
        ("FeedForward GELU with tanh", s => Unary(s, new FeedForward(Settings(s, Activation.GeluTanh), Streams(s)), (layer, x) => layer.Forward(x))),
        ("FeedForward ReLU", ReluFeedForward),
        ("SinusoidalEncoding", s => Unary(s, new SinusoidalEncoding(9, s.ModelSize, DType.Float64), (layer, x) => layer.Forward(x, 2))),
        ("LearnedEncoding", s => Unary(s, new LearnedEncoding(9, s.ModelSize, Streams(s), DType.Float64), (layer, x) => layer.Forward(x, 2))),
        ("MultiHeadAttention self, fused", s => SelfAttention(s, composed: false)),
        ("MultiHeadAttention self, composed", s => SelfAttention(s, composed: true)),
        ("MultiHeadAttention cross, fused", s => CrossAttention(s, composed: false, ofWeights: false)),
        ("MultiHeadAttention cross, composed", s => CrossAttention(s, composed: true, ofWeights: false)),
        ("MultiHeadAttention weights, composed", s => CrossAttention(s, composed: true, ofWeights: true)),
        ("PostNormEncoderLayer", s => Unary(s, new PostNormEncoderLayer(Settings(s), Streams(s)), (layer, x) => layer.Forward(x, Padding(s, s.TargetLength)))),
        ("PreNormEncoderLayer", s => Unary(s, new PreNormEncoderLayer(Settings(s), Streams(s)), (layer, x) => layer.Forward(x, Padding(s, s.TargetLength)))),
        ("PostNormDecoderLayer", s => DecoderLayerCase(s, NormPlacement.Post)),
        ("PreNormDecoderLayer", s => DecoderLayerCase(s, NormPlacement.Pre)),
        ("PreNormEncoderLayer causal", s => Unary(s, new PreNormEncoderLayer(Settings(s), Streams(s)), (layer, x) => layer.Forward(x, causal: true))),
        ("PostNormEncoderLayer causal", s => Unary(s, new PostNormEncoderLayer(Settings(s), Streams(s)), (layer, x) => layer.Forward(x, causal: true))),
        ("Encoder", s => EncoderStack(s, NormPlacement.Post)),
        ("Decoder", s => DecoderStack(s, NormPlacement.Pre)),
        ("TransformerModel tied, post-norm", s => Model(s, NormPlacement.Post, PositionKind.Sinusoidal, tied: true)),
        ("TransformerModel untied, pre-norm, learned positions", s => Model(s, NormPlacement.Pre, PositionKind.Learned, tied: false)),
        ("GptModel", Gpt),
    ];

    private static RandomStreams Streams(LayerSizes sizes) => new((ulong)sizes.Seed) { Step = 3 };

    private static LayerSettings Settings(LayerSizes sizes, Activation activation = Activation.Gelu, double rate = Rate) =>
        new(sizes.ModelSize, sizes.HeadCount, 5, rate, activation, DType.Float64);

    // Through a narrow stack with much dropout hardly anything arrives: where a gradient is 1e-5 of the output or less, the
    // rounding of the output alone makes its difference wrong by 1e-6. So stacks are wider, longer, and drop less.
    private static LayerSizes Wider(LayerSizes sizes) =>
        sizes with { HeadSize = 3, HeadCount = 2, TargetLength = sizes.TargetLength + 1, SourceLength = sizes.SourceLength + 1 };

    private static LayerCase EncoderStack(LayerSizes drawn, NormPlacement placement)
    {
        LayerSizes sizes = Wider(drawn);
        return Unary(
            sizes,
            new Encoder(2, placement, Settings(sizes, rate: StackRate), Streams(sizes)),
            (stack, x) => stack.Forward(x, Padding(sizes, sizes.TargetLength)));
    }

    private static LayerCase DecoderStack(LayerSizes drawn, NormPlacement placement)
    {
        LayerSizes sizes = Wider(drawn);
        return Binary(
            sizes,
            new Decoder(2, placement, Settings(sizes, rate: StackRate), Streams(sizes)),
            (stack, x, memory) => stack.Forward(x, memory, null, Padding(sizes, sizes.SourceLength)));
    }

    private static LayerCase Of<TModule>(LayerSizes sizes, TModule layer, Func<TModule, Tensor> forward, params Tensor[] inputs)
        where TModule : Module
    {
        // Biases of zero and norms of one would hide errors in what multiplies them.
        uint stream = 1000;
        foreach (Parameter parameter in layer.Parameters())
        {
            bool isNormWeight = parameter.Rank == 1 && parameter.ValueAt(0) == 1;
            parameter.CopyFrom(Random(sizes, stream++, parameter.Shape, isNormWeight ? 1 : 0, isNormWeight ? 0.2 : 0.5));
        }

        return new LayerCase(layer, () => forward(layer), inputs);
    }

    private static LayerCase Unary<TModule>(LayerSizes sizes, TModule layer, Func<TModule, Tensor, Tensor> forward)
        where TModule : Module
    {
        Tensor x = Input(sizes, 1, sizes.TargetLength);
        return Of(sizes, layer, it => forward(it, x), x);
    }

    private static LayerCase Binary<TModule>(LayerSizes sizes, TModule layer, Func<TModule, Tensor, Tensor, Tensor> forward)
        where TModule : Module
    {
        Tensor x = Input(sizes, 1, sizes.TargetLength);
        Tensor memory = Input(sizes, 2, sizes.SourceLength);
        return Of(sizes, layer, it => forward(it, x, memory), x, memory);
    }

    // A difference across ReLU's kink has no derivative to compare with: another seed where an activation comes near it.
    private static LayerCase ReluFeedForward(LayerSizes sizes)
    {
        FeedForward layer = new(Settings(sizes, Activation.Relu), Streams(sizes));
        LayerCase result = Unary(sizes, layer, (it, x) => it.Forward(x));
        double nearest = layer.First.Forward(result.Inputs[0]).Abs().ToDoubles().Min();
        return nearest > 5e-3 ? result : ReluFeedForward(sizes with { Seed = sizes.Seed + 1 });
    }

    private static LayerCase SelfAttention(LayerSizes sizes, bool composed)
    {
        MultiHeadAttention attention = new(sizes.ModelSize, sizes.HeadCount, Rate, Streams(sizes), DType.Float64) { Composed = composed };
        return Unary(sizes, attention, (layer, x) => layer.Forward(x, x, x, Padding(sizes, sizes.TargetLength), causal: true));
    }

    private static LayerCase CrossAttention(LayerSizes sizes, bool composed, bool ofWeights)
    {
        MultiHeadAttention attention = new(sizes.ModelSize, sizes.HeadCount, Rate, Streams(sizes), DType.Float64) { Composed = composed };
        // One position to attend to has the weight 1 whatever its key: a gradient of 0 everywhere, with nothing to compare.
        LayerSizes used = ofWeights ? sizes with { SourceLength = sizes.SourceLength + 1 } : sizes;
        return Binary(used, attention, (layer, x, memory) =>
        {
            Tensor y = layer.Forward(x, memory, memory, ofWeights ? null : Padding(used, used.SourceLength), causal: false, out Tensor weights);
            return ofWeights ? weights : y;
        });
    }

    private static LayerCase DecoderLayerCase(LayerSizes sizes, NormPlacement placement) => Binary(
        sizes,
        DecoderLayer.Create(placement, Settings(sizes), Streams(sizes)),
        (layer, x, memory) => layer.Forward(x, memory, Padding(sizes, sizes.TargetLength), Padding(sizes, sizes.SourceLength)));

    private static LayerCase Model(LayerSizes drawn, NormPlacement placement, PositionKind positions, bool tied)
    {
        LayerSizes sizes = Wider(drawn);
        TransformerConfiguration configuration = new()
        {
            SourceVocabularySize = 4,
            TargetVocabularySize = 5,
            ModelSize = sizes.ModelSize,
            HeadCount = sizes.HeadCount,
            FeedForwardSize = 5,
            EncoderLayerCount = 1,
            DecoderLayerCount = 1,
            DropoutRate = StackRate,
            NormPlacement = placement,
            Activation = Activation.Gelu,
            Positions = positions,
            TiedOutput = tied,
            MaximumLength = 6,
            DType = DType.Float64,
        };
        // Padding in the source, which nothing may look at, and none in the target: its row is said to have no gradient,
        // though the logits after a padding token do depend on it.
        Indices source = Tokens(sizes, sizes.SourceLength, 0, 4);
        Indices target = Tokens(sizes, sizes.TargetLength, 1, 5);
        return Of(sizes, new TransformerModel(configuration, Streams(sizes)), model => model.Forward(source, target));
    }

    private static LayerCase Gpt(LayerSizes drawn)
    {
        LayerSizes sizes = Wider(drawn);
        GptConfiguration configuration = new()
        {
            VocabularySize = 5,
            ModelSize = sizes.ModelSize,
            HeadCount = sizes.HeadCount,
            LayerCount = 2,
            MaximumLength = 6,
            DropoutRate = StackRate,
            DType = DType.Float64,
        };
        Indices tokens = Tokens(sizes, sizes.TargetLength, 0, 5);
        return Of(sizes, new GptModel(configuration, Streams(sizes)), model => model.Forward(tokens));
    }

    private static Tensor Input(LayerSizes sizes, uint stream, int length) =>
        Random(sizes, stream, [sizes.Batch, length, sizes.ModelSize], 0, 1).AsLeaf();

    private static Tensor Random(LayerSizes sizes, uint stream, Shape shape, double mean, double deviation) =>
        Tensor.Normal(shape, new RandomKey((ulong)sizes.Seed, stream, 7, 0), mean, deviation, DType.Float64);

    // The second sentence, if there is one, is a position shorter; a single position remains.
    private static Mask Padding(LayerSizes sizes, int length)
    {
        bool[] keep = new bool[sizes.Batch * length];
        for (int i = 0; i < keep.Length; i++)
            keep[i] = i % length < Math.Max(1, length - i / length);
        return new Mask(keep, [sizes.Batch, 1, 1, length]);
    }

    private static Indices Tokens(LayerSizes sizes, int length, int lowest, int count)
    {
        int[] tokens = new int[sizes.Batch * length];
        for (int i = 0; i < tokens.Length; i++)
            tokens[i] = lowest + (int)(Philox.UInt32At(new RandomKey((ulong)sizes.Seed, 99, 0, 0), i) % (uint)(count - lowest));
        return new Indices(tokens, [sizes.Batch, length]);
    }
}
