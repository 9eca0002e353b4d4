using Transformer.Training.Data;
using Xunit;

namespace Training.Tests.Data;

public sealed class TokenizerFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_word_tokenizer_survives_a_file(bool lowerCase)
    {
        TokenizerFile.Save(new WordTokenizer(lowerCase), _folder["words.txt"]);
        Assert.Equal(lowerCase, Assert.IsType<WordTokenizer>(TokenizerFile.Load(_folder["words.txt"])).LowerCase);
    }

    [Theory]
    [InlineData("", "ends after line 0")]
    [InlineData("sentence-piece 1\n", "line 1: unknown tokenizer 'sentence-piece 1'")]
    [InlineData("word-tokenizer 1\n", "ends after line 1")]
    [InlineData("word-tokenizer 1\nlower-case perhaps\n", "line 2: 'lower-case yes' or 'lower-case no' expected")]
    [InlineData("word-tokenizer 1\nlower-case no\nmerges 0\n", "line 3: nothing more expected")]
    [InlineData("byte-pair-encoding 1\nlower-case no\nmerges many\n", "line 3: 'merges' and their number expected")]
    [InlineData("byte-pair-encoding 1\nlower-case no\nmerges 2\na b\n", "ends after line 4")]
    [InlineData("byte-pair-encoding 1\nlower-case no\nmerges 1\nab\n", "line 4: two symbols")]
    [InlineData("byte-pair-encoding 1\nlower-case no\nmerges 1\na  b\n", "line 4: two symbols")]
    [InlineData("byte-pair-encoding 1\nlower-case no\nmerges 2\na b\na b\n", "line 5: the merge 'a b' came before")]
    public void A_bad_file_gives_one_clear_line(string content, string expected)
    {
        File.WriteAllText(_folder["bad.txt"], content);
        string message = Assert.Throws<DataFileException>(() => TokenizerFile.Load(_folder["bad.txt"])).Message;
        Assert.StartsWith($"{_folder["bad.txt"]}: {expected}", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named()
    {
        string path = Path.Combine(_folder["no-such-folder"], "words.txt");
        Assert.StartsWith(path, Assert.Throws<DataFileException>(() => TokenizerFile.Save(new WordTokenizer(true), path)).Message, StringComparison.Ordinal);
    }
}
