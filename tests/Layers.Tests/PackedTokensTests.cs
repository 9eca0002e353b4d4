using Transformer.Autograd;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests;

public class PackedTokensTests
{
    [Fact]
    public void Padding_at_the_end_of_each_row_goes()
    {
        PackedTokens packed = PackedTokens.FromPadded([7, 8, 0, 9, 0, 0, 5, 6, 4], length: 3, padding: 0);
        Assert.Equal([7, 8, 9, 5, 6, 4], packed.Tokens.Values.ToArray());
        Assert.Equal([0, 2, 3, 6], packed.Sentences.Starts.ToArray());
        Assert.Equal([0, 1, 0, 0, 1, 2], packed.Positions.Values.ToArray());
    }

    [Fact]
    public void Tokens_are_as_many_as_the_lengths_say()
    {
        Assert.Throws<ArgumentException>(() => new PackedTokens(new Indices([1, 2], [1, 2]), new Sequences(1)));
        Assert.Throws<ArgumentException>(() => PackedTokens.FromPadded([1, 2, 3], length: 2, padding: 0));
    }

    [Fact]
    public void A_sentence_longer_than_the_positions_is_an_error_that_says_what_to_do()
    {
        SinusoidalEncoding encoding = new(maximumLength: 2, modelSize: 4);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => encoding.Forward(Tensor.Zeros([1, 3, 4]), new Sequences(3).Positions()));
        Assert.Contains("maximum length 2", error.Message, StringComparison.Ordinal);
    }
}
