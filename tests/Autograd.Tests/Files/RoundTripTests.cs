using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Transformer.Autograd.Files;
using Xunit;

namespace Autograd.Tests.Files;

public class RoundTripTests
{
    /// <summary>Names that try the JSON: empty, quotes, line breaks, other scripts, beyond the basic plane, keys of the format itself.</summary>
    private static readonly string[] Names =
        ["", "a", "encoder.layers.0.norm1.weight", "\"", "\\", "\n\t\0", "größe", "名前", "😀", "dtype", "data_offsets", "file_sha256", "</script>"];

    /// <summary>What is written: types, shapes and the seed of the bytes; it can be printed when a case fails.</summary>
    private sealed record Plan(ElementType[] Types, int[][] Shapes, int Seed);

    [Fact]
    public void What_was_written_is_read()
    {
        using var folder = new FilesFolder();
        var path = folder.File("model.safetensors");
        var size = Gen.Elements(0, 1, 2, 3, 5, 8);
        var shape = Gen.Choose(0, 3).SelectMany(rank => size.ArrayOf(rank));
        var plans =
            from count in Gen.Choose(0, Names.Length)
            from types in Gen.Elements(Enum.GetValues<ElementType>()).ArrayOf(count)
            from shapes in shape.ArrayOf(count)
            from seed in Gen.Choose(0, int.MaxValue)
            select new Plan(types, shapes, seed);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(150).WithQuietOnSuccess(true),
            Prop.ForAll(plans.ToArbitrary(), plan => RoundTrip(path, plan)));
    }

    private static void RoundTrip(string path, Plan plan)
    {
        var random = new Random(plan.Seed);
        var entries = new List<SafetensorsEntry>();
        var metadata = new Dictionary<string, string>();
        for (var i = 0; i < plan.Types.Length; i++)
        {
            // Packed types of 4 and 6 bits fill whole bytes only if a size is a multiple of 4.
            var shape = plan.Types[i].Bits() < 8 ? plan.Shapes[i].Append(4) : plan.Shapes[i];
            long[] sizes = [.. shape];
            var data = new byte[ElementTypes.ByteCount(plan.Types[i], sizes)];
            random.NextBytes(data);
            entries.Add(new SafetensorsEntry(Names[i], plan.Types[i], sizes, data));
            if (Names[i] != "file_sha256")
            {
                metadata[Names[i]] = Names[random.Next(Names.Length)];
            }
        }

        SafetensorsFile.Write(path, entries, metadata);
        var content = SafetensorsFile.Read(path, HashRequirement.Required);

        Assert.Equal(metadata, content.Metadata);
        Assert.Equal(entries.Select(entry => entry.Name).Order(StringComparer.Ordinal), content.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        foreach (var entry in entries)
        {
            var read = content.Require(entry.Name, entry.Type, entry.Shape);
            Assert.True(read.Data.Span.SequenceEqual(entry.Data.Span), entry.Name);
        }

        // The same content again makes the same bytes.
        var bytes = File.ReadAllBytes(path);
        SafetensorsFile.Write(path, entries, metadata.Reverse().ToDictionary());
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void Numbers_come_back_with_the_bits_that_they_had_when_their_entry_was_made()
    {
        using var folder = new FilesFolder();
        var path = folder.File("model.safetensors");
        float[] values = [0f, -0f, 1.5f, float.NaN, float.PositiveInfinity, float.Epsilon];
        uint[] bits = [.. values.Select(BitConverter.SingleToUInt32Bits)];
        var entry = SafetensorsEntry.From<float>("x", [6], values);
        values[2] = 2.5f;
        SafetensorsFile.Write(path, [entry], new Dictionary<string, string>());

        var read = SafetensorsFile.Read(path, HashRequirement.Required)["x"].Values<float>();
        Assert.Equal(bits, read.ToArray().Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Each_tensor_begins_at_a_multiple_of_its_element()
    {
        using var folder = new FilesFolder();
        var bytes = folder.SmallFile();
        var dataStart = 8 + (int)BitConverter.ToUInt64(bytes);
        Assert.Equal(0, dataStart % 8);
        var content = SafetensorsFile.Read(folder.File("small.safetensors"), HashRequirement.Required);
        var offset = dataStart;
        foreach (var entry in content.Entries)
        {
            Assert.Equal(0, offset * 8 % entry.Type.Bits());
            offset += entry.Data.Length;
        }

        Assert.Equal(bytes.Length, offset);
    }

    [Fact]
    public void The_hash_is_the_SHA256_of_all_bytes_but_its_digits()
    {
        using var folder = new FilesFolder();
        var bytes = folder.SmallFile();
        var content = SafetensorsFile.Read(folder.File("small.safetensors"), HashRequirement.Required);
        var expected = Convert.ToHexStringLower(SHA256.HashData([.. bytes[..40], .. bytes[104..]]));
        Assert.Equal(expected, content.Sha256);
        Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(bytes, 40, 64));
    }

    [Fact]
    public void Element_types_stand_in_the_table_in_the_order_of_the_enumeration()
    {
        Assert.Equal(32, ElementType.Float32.Bits());
        foreach (var type in Enum.GetValues<ElementType>())
        {
            Assert.True(ElementTypes.TryParse(type.Name(), out var parsed));
            Assert.Equal(type, parsed);
        }

        Assert.Equal(ElementType.Float16, ElementTypes.Of<Half>());
        Assert.Equal("BF16", ElementType.BFloat16.Name());
        Assert.Equal(("F4", 4), (ElementType.Float4.Name(), ElementType.Float4.Bits()));
        Assert.Throws<ArgumentException>(() => ElementTypes.Of<decimal>());
    }

    [Fact]
    public void Misuse_of_the_writer_is_an_argument_error_and_writes_nothing()
    {
        using var folder = new FilesFolder();
        var path = folder.File("model.safetensors");
        var x = SafetensorsEntry.From<float>("x", [1], new float[1]);
        var none = new Dictionary<string, string>();
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [x, x], none));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [x], new Dictionary<string, string> { ["file_sha256"] = "" }));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [x], new Dictionary<string, string> { ["key"] = "\uD800" }));
        Assert.Throws<ArgumentException>(() => SafetensorsEntry.From<float>("\uD800", [1], new float[1]));
        Assert.Throws<ArgumentException>(() => SafetensorsEntry.From<float>("__metadata__", [1], new float[1]));
        Assert.Throws<ArgumentException>(() => SafetensorsEntry.From<float>("x", [2], new float[1]));
        Assert.Throws<ArgumentException>(() => SafetensorsEntry.From<float>("x", [-1, -1], new float[1]));
        Assert.Throws<ArgumentException>(() => SafetensorsEntry.From<float>("x", [1L << 62, 4], new float[1]));
        Assert.Throws<InvalidOperationException>(() => x.Values<double>().Length);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
