using Transformer.Autograd;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests.Models;

/// <summary>Decoding token by token on cached keys and values against computing everything anew.</summary>
public class DecodingTests
{
    private static readonly int[][] Sources = [[4, 7, 5, 8, 2], [6, 3, 2, 0, 0], [5, 5, 6, 2, 0]];

    // 20 tokens, so that a cache that starts with room for 16 grows on the way; row 1 has ended and goes on as padding.
    private static readonly int[][] Targets =
    [
        [1, 8, 4, 9, 3, 5, 7, 6, 4, 4, 9, 8, 3, 5, 6, 7, 8, 9, 4, 2],
        [1, 5, 7, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [1, 6, 6, 8, 9, 4, 3, 5, 7, 8, 9, 3, 3, 4, 5, 6, 7, 8, 9, 9],
    ];

    [Theory]
    [InlineData(NormPlacement.Post, false)]
    [InlineData(NormPlacement.Pre, false)]
    [InlineData(NormPlacement.Post, true)]
    public void Every_step_gives_the_logits_and_cross_weights_of_the_whole_forward_pass(NormPlacement placement, bool composed)
    {
        TransformerModel model = Model(placement, composed);
        List<Tensor> wholeWeights = [];
        Tensor whole = model.Forward(Batch(Sources), Batch(Targets), wholeWeights);
        DecodingState state = model.BeginDecoding(Batch(Sources));

        for (int position = 0; position < Targets[0].Length; position++)
        {
            using Step step = new();
            List<Tensor> weights = [];
            Tensor logits = model.DecodeStep([.. Targets.Select(target => target[position])], state, weights);

            Assert.Null(logits.Producer);
            for (int row = 0; row < Sources.Length; row++)
                CloseRow(whole, [row, position], logits, [row]);
            Assert.Equal(wholeWeights.Count, weights.Count);
            for (int layer = 0; layer < weights.Count; layer++)
                CloseRow(wholeWeights[layer], [2, 1, position], weights[layer], [2, 1, 0]);
        }

        Assert.Equal(Targets[0].Length, state.Length);
    }

    [Fact]
    public void Selected_rows_go_on_as_if_they_had_been_decoded_alone()
    {
        TransformerModel model = Model(NormPlacement.Post);
        DecodingState state = model.BeginDecoding(Batch(Sources));
        model.DecodeStep([1, 1, 1], state);
        model.DecodeStep([8, 5, 6], state);
        // Sentence 1 ends; sentence 2 becomes two hypotheses, then one of them wins both places, then they swap.
        state.Select(2, 0, 2);
        model.DecodeStep([4, 9, 7], state);
        state.Select(2, 1, 0);
        model.DecodeStep([3, 3, 3], state);
        state.Select(0, 1, 0);
        Tensor logits = model.DecodeStep([8, 5, 9], state);

        int[][] sources = [Sources[2], Sources[0], Sources[2]];
        int[][] targets = [[1, 6, 7, 3, 8], [1, 8, 9, 3, 5], [1, 6, 7, 3, 9]];
        Tensor whole = model.Forward(Batch(sources), Batch(targets));
        Assert.Equal(3, state.BatchSize);
        for (int row = 0; row < 3; row++)
            CloseRow(whole, [row, 4], logits, [row]);
    }

    [Fact]
    public void A_batch_may_shrink_to_one_row()
    {
        TransformerModel model = Model(NormPlacement.Pre);
        DecodingState state = model.BeginDecoding(Batch(Sources));
        model.DecodeStep([1, 1, 1], state);
        state.Select(1);

        Tensor logits = model.DecodeStep([5], state);

        CloseRow(model.Forward(Batch([Sources[1]]), Batch([[1, 5]])), [0, 1], logits, [0]);
    }

    [Fact]
    public void Decoding_in_training_mode_is_refused()
    {
        TransformerModel model = Model(NormPlacement.Post);
        DecodingState state = model.BeginDecoding(Batch(Sources));
        model.Train();

        Assert.Contains("Evaluate()", Assert.Throws<InvalidOperationException>(() => model.BeginDecoding(Batch(Sources))).Message, StringComparison.Ordinal);
        Assert.Contains("Evaluate()", Assert.Throws<InvalidOperationException>(() => model.DecodeStep([1, 1, 1], state)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Misuse_is_an_error_that_says_what_to_do()
    {
        TransformerModel model = Model(NormPlacement.Post);
        DecodingState state = model.BeginDecoding(Batch(Sources));

        Assert.Contains("2 tokens for a batch of 3", Assert.Throws<ArgumentException>(() => model.DecodeStep([1, 1], state)).Message, StringComparison.Ordinal);
        Assert.Contains("rows are 0 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => state.Select(3)).Message, StringComparison.Ordinal);
        for (int i = 0; i < SmallModels.Small.MaximumLength; i++)
            model.DecodeStep([1, 1, 1], state);
        Assert.Contains(
            "do not lie within the model's maximum length 40",
            Assert.Throws<ArgumentException>(() => model.DecodeStep([1, 1, 1], state)).Message,
            StringComparison.Ordinal);
    }

    private static TransformerModel Model(NormPlacement placement, bool composed = false)
    {
        TransformerModel model = new(SmallModels.Small with { NormPlacement = placement }, new RandomStreams(3));
        model.Composed = composed;
        model.Evaluate();
        return model;
    }

    private static Indices Batch(int[][] rows) => new(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);

    private static void CloseRow(Tensor expected, int[] expectedRow, Tensor actual, int[] actualRow)
    {
        for (int i = 0; i < Math.Min(expected.Shape[-1], actual.Shape[-1]); i++)
            Assert.Equal(expected[[.. expectedRow, i]], actual[[.. actualRow, i]], 1e-12);
    }
}
