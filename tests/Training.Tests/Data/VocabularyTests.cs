using System.Security.Cryptography;
using Transformer.Training.Data;
using Xunit;

namespace Training.Tests.Data;

public sealed class VocabularyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_specials_come_first_then_frequent_words_then_code_points()
    {
        // U+FF5E comes before U+10400, though its UTF-16 unit is larger than a surrogate.
        Vocabulary vocabulary = Vocabulary.Build([["b", "𐐀", "～", "a"], ["b", "a", "～", "𐐀", "b"], ["once"]], minimumFrequency: 2);
        Assert.Equal(["<pad>", "<bos>", "<eos>", "<unk>", "b", "a", "～", "𐐀"], vocabulary.Tokens);
        Assert.Equal((0, 1, 2, 3), (Vocabulary.Padding, Vocabulary.Begin, Vocabulary.End, Vocabulary.Unknown));
    }

    [Fact]
    public void Encoding_ends_with_eos_and_decoding_stops_there()
    {
        var vocabulary = new Vocabulary(["a", "b"]);
        Assert.Equal([4, 3, 5, 2], vocabulary.Encode(["a", "c", "b"]));
        Assert.Equal(["a", "<unk>", "b"], vocabulary.Decode([1, 4, 3, 5, 0, 2, 4, 4]));
        Assert.Equal([2], vocabulary.Encode([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Decode([6]));
    }

    [Fact]
    public void Text_cannot_forge_specials()
    {
        Vocabulary vocabulary = Vocabulary.Build([["<pad>", "<eos>", "<unk>", "a"]], minimumFrequency: 1);
        Assert.Equal(5, vocabulary.Count);
        Assert.Equal([3, 3, 4, 2], vocabulary.Encode(["<pad>", "<eos>", "a"]));
    }

    [Fact]
    public void Known_words_survive_encoding_decoding_and_a_file()
    {
        var tokenizer = new WordTokenizer(lowerCase: false);
        TextProperty.Holds(TextProperty.Lines, lines =>
        {
            Vocabulary built = tokenizer.BuildVocabulary(lines, minimumFrequency: 1);
            built.Save(folder["vocabulary.txt"]);
            Vocabulary loaded = Vocabulary.Load(folder["vocabulary.txt"]);
            return built.Tokens.SequenceEqual(loaded.Tokens)
                && lines.Select(tokenizer.Tokenize).All(tokens => loaded.Decode(loaded.Encode(tokens)).SequenceEqual(tokens));
        }, times: 100);
    }

    [Theory]
    [InlineData("", "begins with the lines <pad> <bos> <eos> <unk>")]
    [InlineData("<pad>\n<bos>\n<eos>\n", "begins with the lines <pad> <bos> <eos> <unk>")]
    [InlineData("<bos>\n<pad>\n<eos>\n<unk>\n", "begins with the lines <pad> <bos> <eos> <unk>")]
    [InlineData("<pad>\n<bos>\n<eos>\n<unk>\na\nb\na\n", "tokens 4 and 6 are both 'a'")]
    [InlineData("<pad>\n<bos>\n<eos>\n<unk>\na\n\nb\n", "line 6 is empty")]
    [InlineData("<pad>\n<bos>\n<eos>\n<unk>\na b\n", "token 4 has white space in it: 'a b'")]
    [InlineData("<pad>\n<bos>\n<eos>\n<unk>\n<eos>\n", "tokens 2 and 4 are both '<eos>'")]
    public void A_bad_file_gives_one_clear_line(string content, string expected)
    {
        File.WriteAllText(folder["bad.txt"], content);
        string message = Assert.Throws<DataFileException>(() => Vocabulary.Load(folder["bad.txt"])).Message;
        Assert.StartsWith(folder["bad.txt"], message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    // The vocabularies that Python makes of the training set: tokens seen twice, sorted by (-count, token), one a line.
    [Multi30kFact]
    public void On_multi30k_the_vocabularies_are_those_of_the_reference()
    {
        (string File, int Count, string Digest)[] expected =
        [
            ("train.de", 7882, "644bc6ad23670293affb451ed1e93aa154c9fbb64ab0b9819dce4636b20bbb1b"),
            ("train.en", 5898, "4dc6d5b3b20a56f97d65ff04cac4ecd28ac4d6704e744e7e359c1fff340ca650"),
        ];
        foreach ((string file, int count, string digest) in expected)
        {
            Vocabulary vocabulary = new WordTokenizer(lowerCase: true).BuildVocabulary(TextFile.ReadLines(Multi30k.File(file)), minimumFrequency: 2);
            vocabulary.Save(folder["words.txt"]);
            Assert.Equal(count, vocabulary.Count);
            Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder["words.txt"]))));
        }
    }
}
