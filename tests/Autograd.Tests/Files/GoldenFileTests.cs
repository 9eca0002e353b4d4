using System.Security.Cryptography;
using System.Text;
using Transformer.Autograd.Files;
using Xunit;

namespace Autograd.Tests.Files;

/// <summary>Files laid down byte by byte from the format's description, without our writer.</summary>
public class GoldenFileTests
{
    [Fact]
    public void A_file_from_another_program_is_read_without_a_hash_and_refused_where_one_is_required()
    {
        // As the Python package writes it: no metadata, compact JSON, spaces up to a multiple of 8. The header takes 0x70 = 112 bytes.
        const string Header =
            """{"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}""" + "  ";
        byte[] file =
        [
            0x70, 0, 0, 0, 0, 0, 0, 0,
            .. Encoding.ASCII.GetBytes(Header),
            0, 0, 0, 0, 0, 0, 0xF8, 0x3F, // 1.5 in double precision
            0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, // 1 and -2 in single precision
        ];
        using var folder = new FilesFolder();
        var content = folder.Read(file, HashRequirement.Optional);
        Assert.Equal(["b", "a"], content.Entries.Select(entry => entry.Name));
        Assert.Equal([1.5], content.Require("b", ElementType.Float64, [1]).Values<double>().ToArray());
        Assert.Equal([1f, -2f], content.Require("a", ElementType.Float32, [1, 2]).Values<float>().ToArray());
        Assert.Empty(content.Metadata);
        Assert.Null(content.Sha256);

        Assert.Contains("no SHA-256", folder.Refuse(file, HashRequirement.Required).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Our_writer_makes_exactly_these_bytes()
    {
        const string Before = """{"__metadata__":{"file_sha256":" """;
        const string After = """
            ","format":"pt"},"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}
            """;
        byte[] before = [0xE0, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(Before.TrimEnd())];
        byte[] after = [.. Encoding.ASCII.GetBytes(After.PadRight(0xE0 - 64 - 32)), 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0];
        var digits = Convert.ToHexStringLower(SHA256.HashData([.. before, .. after]));
        byte[] expected = [.. before, .. Encoding.ASCII.GetBytes(digits), .. after];

        using var folder = new FilesFolder();
        var path = folder.File("model.safetensors");
        float[] a = [1, -2];
        double[] b = [1.5];
        SafetensorsFile.Write(
            path,
            [SafetensorsEntry.From<float>("a", [1, 2], a), SafetensorsEntry.From<double>("b", [1], b)],
            new Dictionary<string, string> { ["format"] = "pt" });
        Assert.Equal(Encoding.Latin1.GetString(expected), Encoding.Latin1.GetString(File.ReadAllBytes(path)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{}      ")]
    [InlineData("{ \"__metadata__\" : { } }")]
    [InlineData("{\n  \"__metadata__\": {\"k\": \"\\u00e9\\ud83d\\ude00\"}\n}")]
    [InlineData("""{"x":{"data_offsets":[0,0],"shape":[0],"dtype":"BF16"}}""")]
    [InlineData("""{"x":{"data_offsets":[0,0],"shape":[3,0,7],"dtype":"F4"}}""")]
    public void Headers_that_the_format_allows_are_read(string header)
    {
        using var folder = new FilesFolder();
        folder.Read(FilesFolder.Bytes(header), HashRequirement.Optional);
    }
}
