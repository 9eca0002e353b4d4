using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Testing;
using Transformer.Training.Data;
using Transformer.Training.Losses;
using Xunit;

namespace Training.Tests.Losses;

public class TranslationLossTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("tied_post_norm")]
    [InlineData("untied_post_norm")]
    [InlineData("tied_pre_norm_gelu")]
    public void Loss_and_every_gradient_equal_PyTorchs(string name)
    {
        ReferenceCase reference = Transformer.Testing.References.Load("translation_model")[name];
        TransformerModel model = Model(reference);
        Batch batch = BatchOf(reference);
        Assert.Equal(reference["targetInput"].Integers, batch.TargetInput);

        Tensor loss = TranslationLoss.Of(model, batch, reference.Number("labelSmoothing"));
        loss.Backward();

        Assert.Equal(reference["loss"].Values[0], loss.Item(), Tolerance);
        foreach ((string key, Parameter parameter) in model.NamedParameters())
        {
            double[] expected = reference.Gradient(key).Values;
            Assert.All(expected.Zip(parameter.Gradient!.ToDoubles()), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        }
    }

    [Theory]
    [InlineData("tied_post_norm")]
    [InlineData("tied_pre_norm_gelu")]
    public void Packed_and_padded_are_the_same_loss_with_the_same_gradients(string name)
    {
        ReferenceCase reference = Transformer.Testing.References.Load("translation_model")[name];
        TransformerModel packed = Model(reference);
        TransformerModel padded = Model(reference);
        IReadOnlyList<EncodedPair> pairs = [new([4, 2], [5, 2]), new([4, 5, 6, 7, 2], [7, 6, 5, 4, 8, 2]), new([6, 5, 2], [4, 4, 4, 2])];
        Batch batch = new(pairs, [0, 1, 2]);

        Tensor packedLoss = TranslationLoss.Of(packed, batch, 0.1);
        Tensor paddedLoss = TranslationLoss.OfPadded(padded, batch, 0.1);
        packedLoss.Backward();
        paddedLoss.Backward();

        Assert.Equal(paddedLoss.Item(), packedLoss.Item(), 1e-12);
        foreach ((Parameter first, Parameter second) in packed.Parameters().Zip(padded.Parameters()))
            Assert.All(first.Gradient!.ToDoubles().Zip(second.Gradient!.ToDoubles()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void More_padding_leaves_the_loss_as_it_is()
    {
        IReadOnlyList<EncodedPair> pairs = [new([4, 2], [5, 2]), new([4, 5, 6, 7, 2], [7, 6, 5, 4, 8, 2])];
        TransformerModel model = Toy.Model(3);
        double alone = TranslationLoss.Of(model, new Batch(pairs, [0]), 0.1).Item();
        double other = TranslationLoss.Of(model, new Batch(pairs, [1]), 0.1).Item();
        double together = TranslationLoss.Of(model, new Batch(pairs, [0, 1]), 0.1).Item();
        Assert.Equal(((2 * alone) + (6 * other)) / 8, together, 1e-12);
        Assert.Equal(together, TranslationLoss.OfPadded(model, new Batch(pairs, [0, 1]), 0.1).Item(), 1e-12);
    }

    private static TransformerModel Model(ReferenceCase reference)
    {
        TransformerModel model = Toy.Model(1, new TransformerConfiguration
        {
            SourceVocabularySize = reference.Integer("sourceVocabularySize"),
            TargetVocabularySize = reference.Integer("targetVocabularySize"),
            ModelSize = reference.Integer("modelSize"),
            HeadCount = reference.Integer("headCount"),
            FeedForwardSize = reference.Integer("feedForwardSize"),
            EncoderLayerCount = reference.Integer("layerCount"),
            DecoderLayerCount = reference.Integer("layerCount"),
            DropoutRate = 0,
            NormPlacement = reference.Flag("normFirst") ? NormPlacement.Pre : NormPlacement.Post,
            Activation = reference.Text("activation") == "gelu" ? Activation.Gelu : Activation.Relu,
            TiedOutput = reference.Flag("tied"),
            PaddingIndex = reference.Integer("paddingIndex"),
            DType = DType.Float64,
        });
        foreach ((string key, Parameter parameter) in model.NamedParameters())
            parameter.CopyFrom(Tensor.From(reference[key].Values, Shape.Create(reference[key].Shape), DType.Float64));
        return model;
    }

    private static Batch BatchOf(ReferenceCase reference)
    {
        int[][] sources = Rows(reference["source"]);
        int[][] targets = Rows(reference["targetOutput"]);
        return new Batch([.. sources.Zip(targets, (source, target) => new EncodedPair(source, target))], [.. Enumerable.Range(0, sources.Length)]);
    }

    private static int[][] Rows(ReferenceTensor tensor) =>
        [.. tensor.Integers.Chunk(tensor.Shape[1]).Select(row => row.Where(token => token != Vocabulary.Padding).ToArray())];
}
