using System.IO.Compression;
using System.Text;
using Transformer.Training.Data;
using Xunit;

namespace Training.Tests.Data;

public sealed class ParallelTextTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Pairs_are_read_from_plain_and_compressed_files()
    {
        string source = folder.Write("s.txt", Encoding.UTF8.GetBytes("ein Hund\nzwei Hünde\n"));
        string target = folder.Write("t.txt.gz", Zipped("a dog\ntwo dogs"));
        ParallelText text = ParallelText.Read(source, target);
        Assert.Equal([new("ein Hund", "a dog"), new("zwei Hünde", "two dogs")], text.Pairs);
        Assert.Equal(0, text.EmptyCount);
    }

    [Fact]
    public void Byte_order_mark_and_carriage_returns_are_no_text()
    {
        string file = folder.Write("dos.txt", [0xEF, 0xBB, 0xBF, .. "eins\r\nzwei\r\n"u8]);
        Assert.Equal(["eins", "zwei"], TextFile.ReadLines(file));
    }

    [Fact]
    public void Pairs_with_an_empty_side_are_dropped_and_counted()
    {
        string source = folder.Write("s", "a\n\nb\n \t\u00A0\nc\n"u8.ToArray());
        string target = folder.Write("t", "A\nB\n\nC\nD\n"u8.ToArray());
        ParallelText text = ParallelText.Read(source, target);
        Assert.Equal([new("a", "A"), new("c", "D")], text.Pairs);
        Assert.Equal(3, text.EmptyCount);
    }

    [Fact]
    public void Files_of_different_length_are_refused_with_both_counts()
    {
        string message = Refused("a\nb\n"u8.ToArray(), "a\nb\nc"u8.ToArray());
        Assert.Contains("s has 2 lines", message, StringComparison.Ordinal);
        Assert.Contains("t has 3", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3 })] // a character that does not end
    [InlineData(new byte[] { 0xC0, 0xAF })] // an overlong form
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })] // half a surrogate pair
    [InlineData(new byte[] { 0xFF, 0xFE })] // UTF-16
    public void Invalid_UTF8_is_refused_with_file_and_line(byte[] bytes)
    {
        string message = Refused([.. "gut\ngut\n"u8, .. bytes, .. "\ngut\n"u8], "1\n2\n3\n4\n"u8.ToArray());
        Assert.Equal($"{folder["s"]}: line 3 is not valid UTF-8", message);
    }

    [Fact]
    public void A_missing_file_and_an_empty_corpus_are_refused()
    {
        string there = folder.Write("t", "a\n"u8.ToArray());
        string message = Assert.Throws<DataFileException>(() => ParallelText.Read(folder["none"], there)).Message;
        Assert.Equal($"{folder["none"]}: no such file", message);
        Assert.Contains("no sentence pair among 0 lines", Refused([], []), StringComparison.Ordinal);
        Assert.Contains("no sentence pair among 2 lines", Refused("\n\n"u8.ToArray(), "a\nb\n"u8.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_not_a_file() =>
        Assert.Contains("cannot be read", Assert.Throws<DataFileException>(() => TextFile.ReadLines(folder["."])).Message, StringComparison.Ordinal);

    [Fact]
    public void Compressed_files_may_have_several_members_and_named_headers()
    {
        byte[] plain = Zipped("eins\n");
        byte[] named = [.. plain[..3], 4 + 8 + 16 + 2, .. plain[4..10], 2, 0, 7, 7, .. "name\0comment\0"u8, 9, 9, .. plain[10..]];
        Assert.Equal(["eins", "eins", "zwei"], TextFile.ReadLines(folder.Write("two.gz", [.. plain, .. named, .. Zipped("zwei\n")])));
        Assert.Throws<DataFileException>(() => TextFile.ReadLines(folder.Write("more.gz", [.. plain, 0, 0, 0])));
    }

    [Fact]
    public void Every_truncation_of_a_compressed_file_is_refused()
    {
        byte[] whole = Zipped("ein Hund\nzwei Hunde\n");
        for (int length = 0; length < whole.Length; length++)
        {
            string file = folder.Write("cut.gz", whole[..length]);
            string message = Assert.Throws<DataFileException>(() => Assert.Null(TextFile.ReadLines(file))).Message;
            Assert.StartsWith(file, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Fact]
    public void Damaged_compressed_data_are_refused()
    {
        byte[] whole = Zipped("ein Hund\nzwei Hunde\n");
        for (int at = 10; at < whole.Length; at++) // behind the header, whose fields do not touch the text
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            Assert.Throws<DataFileException>(() => Assert.Null(TextFile.ReadLines(folder.Write("damaged.gz", damaged))));
        }
        Assert.Throws<DataFileException>(() => TextFile.ReadLines(folder.Write("plain.gz", "no gzip\n"u8.ToArray())));
    }

    private string Refused(byte[] source, byte[] target)
    {
        string message = Assert.Throws<DataFileException>(() => ParallelText.Read(folder.Write("s", source), folder.Write("t", target))).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private static byte[] Zipped(string text)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Optimal)) zip.Write(Encoding.UTF8.GetBytes(text));
        return stream.ToArray();
    }
}
