using Transformer.Layers;
using Xunit;

namespace Layers.Tests.Models;

public class TransformerConfigurationTests
{
    [Fact]
    public void Settings_that_are_left_out_are_the_papers_base_model()
    {
        TransformerConfiguration paper = new() { SourceVocabularySize = 37000, TargetVocabularySize = 37000 };

        paper.Validate();

        Assert.Equal((512, 8, 2048, 6, 6, 0.1), (paper.ModelSize, paper.HeadCount, paper.FeedForwardSize, paper.EncoderLayerCount, paper.DecoderLayerCount, paper.DropoutRate));
        Assert.Equal((NormPlacement.Post, Activation.Relu, true), (paper.NormPlacement, paper.Activation, paper.TiedOutput));
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_what_would()
    {
        Refused(SmallModels.Small with { HeadCount = 3 }, "ModelSize 8 does not divide into 3 heads; make it a multiple of HeadCount, such as 9");
        Refused(SmallModels.Small with { SourceVocabularySize = 0 }, "SourceVocabularySize is 1 or more, not 0");
        Refused(SmallModels.Small with { HeadCount = 0 }, "HeadCount is 1 or more, not 0");
        Refused(SmallModels.Small with { DecoderLayerCount = -1 }, "DecoderLayerCount is 0 or more, not -1");
        Refused(SmallModels.Small with { DropoutRate = 1 }, "DropoutRate is a probability from 0 to below 1, not 1");
        Refused(SmallModels.Small with { DropoutRate = double.NaN }, "not NaN");
        Refused(SmallModels.Small with { PaddingIndex = 9 }, "PaddingIndex is a token of both vocabularies, 0 to 8, not 9");
        Refused(SmallModels.Small with { NormPlacement = (NormPlacement)5 }, "NormPlacement is Post or Pre, not 5");
    }

    private static void Refused(TransformerConfiguration configuration, string message) => Assert.Contains(
        message,
        Assert.Throws<ArgumentException>(() => new TransformerModel(configuration, new RandomStreams(1))).Message,
        StringComparison.Ordinal);
}
