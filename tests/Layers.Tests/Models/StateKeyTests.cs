using Transformer.Layers;
using Xunit;

namespace Layers.Tests.Models;

public class StateKeyTests
{
    // The keys of torch.nn.Transformer(8, 2, 1, 1, 12).state_dict(), in its order, with the shapes.
    private static readonly string[] TransformerKeys =
    [
        "encoder.layers.0.self_attn.in_proj_weight [24, 8]",
        "encoder.layers.0.self_attn.in_proj_bias [24]",
        "encoder.layers.0.self_attn.out_proj.weight [8, 8]",
        "encoder.layers.0.self_attn.out_proj.bias [8]",
        "encoder.layers.0.linear1.weight [12, 8]",
        "encoder.layers.0.linear1.bias [12]",
        "encoder.layers.0.linear2.weight [8, 12]",
        "encoder.layers.0.linear2.bias [8]",
        "encoder.layers.0.norm1.weight [8]",
        "encoder.layers.0.norm1.bias [8]",
        "encoder.layers.0.norm2.weight [8]",
        "encoder.layers.0.norm2.bias [8]",
        "encoder.norm.weight [8]",
        "encoder.norm.bias [8]",
        "decoder.layers.0.self_attn.in_proj_weight [24, 8]",
        "decoder.layers.0.self_attn.in_proj_bias [24]",
        "decoder.layers.0.self_attn.out_proj.weight [8, 8]",
        "decoder.layers.0.self_attn.out_proj.bias [8]",
        "decoder.layers.0.multihead_attn.in_proj_weight [24, 8]",
        "decoder.layers.0.multihead_attn.in_proj_bias [24]",
        "decoder.layers.0.multihead_attn.out_proj.weight [8, 8]",
        "decoder.layers.0.multihead_attn.out_proj.bias [8]",
        "decoder.layers.0.linear1.weight [12, 8]",
        "decoder.layers.0.linear1.bias [12]",
        "decoder.layers.0.linear2.weight [8, 12]",
        "decoder.layers.0.linear2.bias [8]",
        "decoder.layers.0.norm1.weight [8]",
        "decoder.layers.0.norm1.bias [8]",
        "decoder.layers.0.norm2.weight [8]",
        "decoder.layers.0.norm2.bias [8]",
        "decoder.layers.0.norm3.weight [8]",
        "decoder.layers.0.norm3.bias [8]",
        "decoder.norm.weight [8]",
        "decoder.norm.bias [8]",
    ];

    [Theory]
    [InlineData(NormPlacement.Post)]
    [InlineData(NormPlacement.Pre)]
    public void Keys_and_shapes_are_PyTorchs_and_a_tied_output_has_no_weight_of_its_own(NormPlacement placement) =>
        Assert.Equal(
            ["source_embedding.weight [9, 8]", "target_embedding.weight [10, 8]", .. TransformerKeys, "output.bias [10]"],
            Keys(OneLayer with { NormPlacement = placement }));

    [Fact]
    public void An_untied_output_has_a_weight_and_learned_positions_have_tables() =>
        Assert.Equal(
            [
                "source_embedding.weight [9, 8]", "target_embedding.weight [10, 8]",
                "source_positions.weight [40, 8]", "target_positions.weight [40, 8]",
                .. TransformerKeys, "output.weight [10, 8]", "output.bias [10]",
            ],
            Keys(OneLayer with { TiedOutput = false, Positions = PositionKind.Learned }));

    private static TransformerConfiguration OneLayer => SmallModels.Small with { EncoderLayerCount = 1, DecoderLayerCount = 1 };

    private static IEnumerable<string> Keys(TransformerConfiguration configuration) =>
        new TransformerModel(configuration, new RandomStreams(1)).NamedParameters().Select(entry => $"{entry.Name} {entry.Parameter.Shape}");
}
