using Transformer.Training.Data;
using Xunit;

namespace Training.Tests.Data;

public class EncodedCorpusTests
{
    private static readonly SentencePair[] Pairs = [new("a b", "A"), new("a b c", "A"), new("a", "A B C"), new("c b", "B B")];
    private static readonly WordTokenizer Words = new(lowerCase: false);
    private static readonly TextEncoder Source = new(Words, new Vocabulary(["a", "b"]));
    private static readonly TextEncoder Target = new(Words, new Vocabulary(["A", "B"]));

    [Fact]
    public void Pairs_longer_than_the_limit_on_either_side_are_dropped_and_counted()
    {
        EncodedCorpus corpus = EncodedCorpus.Encode(Pairs, Source, Target, maximumLength: 2);
        Assert.Equal((2, 2), (corpus.KeptCount, corpus.DroppedCount));
        Assert.Equal([4, 5, 2], corpus.Pairs[0].Source);
        Assert.Equal([4, 2], corpus.Pairs[0].Target);
        Assert.Equal([3, 5, 2], corpus.Pairs[1].Source);
        Assert.Equal([5, 5, 2], corpus.Pairs[1].Target);
    }

    [Fact]
    public void Dropping_every_pair_is_an_error()
    {
        SentencePair[] tooLong = [Pairs[1], Pairs[2]];
        string message = Assert.Throws<DataFileException>(() => EncodedCorpus.Encode(tooLong, Source, Target, maximumLength: 2)).Message;
        Assert.Equal("the text: no sentence pair is left: of 2 none has at most 2 tokens a side", message);
    }
}
