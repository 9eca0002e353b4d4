using Layers.Tests.References;
using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Testing;

namespace Layers.Tests;

/// <summary>Small models for tests.</summary>
internal static class SmallModels
{
    public static TransformerConfiguration Small { get; } = new()
    {
        SourceVocabularySize = 9,
        TargetVocabularySize = 10,
        ModelSize = 8,
        HeadCount = 2,
        FeedForwardSize = 12,
        EncoderLayerCount = 2,
        DecoderLayerCount = 2,
        DropoutRate = 0.1,
        MaximumLength = 40,
        DType = DType.Float64,
    };

    /// <summary>The model that a reference case of <c>translation_model</c> describes.</summary>
    public static TransformerModel Of(ReferenceCase reference) => new(
        new TransformerConfiguration
        {
            SourceVocabularySize = reference.Integer("sourceVocabularySize"),
            TargetVocabularySize = reference.Integer("targetVocabularySize"),
            ModelSize = reference.Integer("modelSize"),
            HeadCount = reference.Integer("headCount"),
            FeedForwardSize = reference.Integer("feedForwardSize"),
            EncoderLayerCount = reference.Integer("layerCount"),
            DecoderLayerCount = reference.Integer("layerCount"),
            DropoutRate = 0,
            NormPlacement = ReferenceComparison.PlacementOf(reference),
            Activation = ReferenceComparison.ActivationOf(reference),
            TiedOutput = reference.Flag("tied"),
            PaddingIndex = reference.Integer("paddingIndex"),
            DType = DType.Float64,
        },
        new RandomStreams(1));
}
