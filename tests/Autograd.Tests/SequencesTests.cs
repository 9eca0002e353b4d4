using Transformer.Autograd;
using Xunit;

namespace Autograd.Tests;

public class SequencesTests
{
    [Fact]
    public void Sequences_lie_one_after_the_other()
    {
        Sequences sequences = new(3, 0, 2);
        Assert.Equal([0, 3, 3, 5], sequences.Starts.ToArray());
        Assert.Equal((3, 5, 3), (sequences.Count, sequences.Total, sequences.Longest));
        Assert.Equal(2, sequences.Length(2));
        Assert.Equal([0, 1, 2, 0, 1], sequences.Positions().Values.ToArray());
        Assert.Equal(0, new Sequences().Total);
        Assert.Equal([0, 0, 0, 2, 2], Enumerable.Range(0, 5).Select(sequences.SequenceAt));
        Assert.Throws<ArgumentOutOfRangeException>(() => sequences.SequenceAt(5));
        Assert.Equal(1, new Sequences(0, 1, 0, 0).SequenceAt(0));
    }

    [Fact]
    public void A_length_is_not_negative() => Assert.Throws<ArgumentOutOfRangeException>(() => new Sequences(2, -1));

    [Fact]
    public void A_mask_within_sequences_is_true_in_its_blocks_and_broadcasts_over_heads()
    {
        Mask mask = Mask.Within(new Sequences(2, 1), new Sequences(1, 2));
        bool[] expected =
        [
            true, false, false,
            true, false, false,
            false, true, true,
        ];
        Assert.Equal("[1, 1, 3, 3]", mask.Shape.ToString());
        Assert.Equal(expected, mask.Values.ToArray());
        Assert.Equal([.. expected, .. expected], mask.BroadcastTo([1, 2, 3, 3]).Values.ToArray());
        // Self-attention that is also causal: each sequence by itself.
        Sequences own = new(2, 1);
        Assert.Equal(
            [true, false, false, true, true, false, false, false, true],
            Mask.Within(own, own).And(Mask.Causal(3)).Values.ToArray());
    }

    [Fact]
    public void Targets_and_sources_are_as_many_sequences() =>
        Assert.Throws<ArgumentException>(() => Mask.Within(new Sequences(2), new Sequences(1, 1)));
}
