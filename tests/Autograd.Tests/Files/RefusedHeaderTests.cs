using System.Text;
using Transformer.Autograd.Files;
using Xunit;

namespace Autograd.Tests.Files;

/// <summary>Headers made to deceive. Each is refused for its own reason, and the same file without the one fault is read.</summary>
public class RefusedHeaderTests
{
    private const string Good = """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Fact]
    public void The_file_without_a_fault_is_read()
    {
        using var folder = new FilesFolder();
        Assert.Equal(2, folder.Read(FilesFolder.Bytes(Good, new byte[8]), HashRequirement.Optional)["x"].Values<float>().Length);
    }

    [Theory]
    [InlineData(""" {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "start with '{'")]
    [InlineData("\uFEFF{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "start with '{'")]
    [InlineData("[]", "start with '{'")]
    [InlineData("", "start with '{'")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}\n", "end with '}'")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}\0", "end with '}'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}{}""", "not valid JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},}""", "not valid JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2,],"data_offsets":[0,8]}}""", "not valid JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}/**/}""", "not valid JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", "not valid JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}""", "not valid JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}""", "not valid JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[Infinity],"data_offsets":[0,8]}}""", "not valid JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", "not a whole number")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}""", "not a whole number")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "not a whole number")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", "not a whole number")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[-0,8]}}""", "not a whole number")]
    [InlineData("""{"x":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}}""", "not a whole number")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551624]}}""", "not a whole number")]
    [InlineData("""{"x":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "not a number")]
    [InlineData("""{"x":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", "not valid JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[null],"data_offsets":[0,8]}}""", "not a number")]
    [InlineData("""{"x":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", "not a list")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":{"0":8}}}""", "not a list")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""", "not two numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", "not two numbers")]
    [InlineData("""{"x":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""", "unknown dtype 'F33'")]
    [InlineData("""{"x":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""", "unknown dtype 'f32'")]
    [InlineData("""{"x":{"dtype":32,"shape":[2],"data_offsets":[0,8]}}""", "dtype is not a text")]
    [InlineData("""{"x":{"shape":[2],"data_offsets":[0,8]}}""", "no dtype")]
    [InlineData("""{"x":{"dtype":"F32","data_offsets":[0,8]}}""", "no shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2]}}""", "no data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"stride":[1]}}""", "unknown field 'stride'")]
    [InlineData("""{"x":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "dtype twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""", "shape twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"data_offsets":[0,8]}}""", "data_offsets twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'x' twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0078":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'x' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'__metadata__' twice")]
    [InlineData("""{"__metadata__":{"k":"","k":""},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "metadata has 'k' twice")]
    [InlineData("""{"__metadata__":{"k":1},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'k' is not a text")]
    [InlineData("""{"__metadata__":{"k":null},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'k' is not a text")]
    [InlineData("""{"__metadata__":null,"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "metadata is not an object")]
    [InlineData("""{"__metadata__":{"k":"\ud800"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "invalid text")]
    [InlineData("""{"\udc00":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "invalid text")]
    [InlineData("""{"x":null}""", "not described by an object")]
    [InlineData("""{"x":[{"dtype":"F32","shape":[2],"data_offsets":[0,8]}]}""", "not described by an object")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,8]}}""", "takes 16")]
    [InlineData("""{"x":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}""", "takes 16")]
    [InlineData("""{"x":{"dtype":"F32","shape":[],"data_offsets":[0,8]}}""", "takes 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[0,2],"data_offsets":[0,8]}}""", "takes 0")]
    [InlineData("""{"x":{"dtype":"F4","shape":[3],"data_offsets":[0,8]}}""", "whole bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "overflows")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", "overflows")]
    [InlineData("""{"x":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}""", "overflows")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "before its beginning")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "the data, which has 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "take 4 bytes and 8 are there")]
    [InlineData("""{}""", "take 0 bytes and 8 are there")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "no tensor fills the bytes from 0 to 4")]
    [InlineData("""{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "no tensor fills the bytes from 3 to 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "inside the tensor before it")]
    [InlineData("""{"x":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "inside the tensor before it")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", "inside the tensor before it")]
    [InlineData("""{"__metadata__":{"k":"","file_sha256":"0000000000000000000000000000000000000000000000000000000000000000"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not stand at its place")]
    [InlineData("""{"__metadata__":{"file_sha256":"00"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not stand at its place")]
    [InlineData("""{"__metadata__":{"file_sha256":"0000000000000000000000000000000000000000000000000000000000000000"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "SHA-256 does not match")]
    public void A_faulty_header_is_refused_for_its_fault(string header, string reason)
    {
        using var folder = new FilesFolder();
        var exception = folder.Refuse(FilesFolder.Bytes(header, new byte[8]), HashRequirement.Optional);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused()
    {
        byte[][] sequences = [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]];
        using var folder = new FilesFolder();
        foreach (var sequence in sequences)
        {
            byte[] header = [.. "{\"__metadata__\":{\"k\":\""u8, .. sequence, .. "\"}}"u8];
            Assert.Contains("UTF-8", folder.Refuse(FilesFolder.Bytes(header), HashRequirement.Optional).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ulong.MaxValue, "limit")]
    [InlineData(1UL << 63, "limit")]
    [InlineData(100_000_001UL, "limit")]
    [InlineData(100_000_000UL, "only 62 follow")]
    [InlineData(63UL, "only 62 follow")]
    public void A_header_length_that_cannot_be_is_refused_before_memory_is_taken(ulong length, string reason)
    {
        using var folder = new FilesFolder();
        var file = FilesFolder.Bytes(Good, new byte[8]);
        BitConverter.TryWriteBytes(file, length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = folder.Refuse(file, HashRequirement.Optional);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused_without_recursion()
    {
        using var folder = new FilesFolder();
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            var nest = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));
            folder.Refuse(FilesFolder.Bytes("{\"x\":" + nest + "}"), HashRequirement.Optional);
            folder.Refuse(FilesFolder.Bytes("{\"x\":{\"shape\":" + nest + "}}"), HashRequirement.Optional);
        }
    }

    [Fact]
    public void Control_codes_and_long_names_in_a_file_do_not_reach_the_terminal()
    {
        using var folder = new FilesFolder();
        var name = "\\u001b[2J\\n\\u2028" + new string('x', 100_000);
        var exception = folder.Refuse(FilesFolder.Bytes("{\"" + name + "\":{}}"), HashRequirement.Optional);
        Assert.Contains("\\u001B[2J\\u000A\\u2028", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.Message.Length < 500);
    }

    [Fact]
    public void A_hash_in_upper_case_or_spelled_with_escapes_is_refused()
    {
        using var folder = new FilesFolder();
        var bytes = folder.SmallFile();
        folder.Read(bytes, HashRequirement.Required);
        var digits = Encoding.ASCII.GetString(bytes, 40, 64);
        byte[] upper = [.. bytes[..40], .. Encoding.ASCII.GetBytes(digits.ToUpperInvariant()), .. bytes[104..]];
        Assert.Contains("does not match", folder.Refuse(upper, HashRequirement.Required).Message, StringComparison.Ordinal);
        byte[] escaped = [.. bytes[..40], .. Encoding.ASCII.GetBytes($"\\u{(int)digits[0]:x4}{digits[1..]}"), .. bytes[104..]];
        BitConverter.TryWriteBytes(escaped, BitConverter.ToUInt64(bytes) + 5);
        Assert.Contains("does not match", folder.Refuse(escaped, HashRequirement.Required).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_does_not_fit_its_place_in_a_model_is_refused_by_name()
    {
        using var folder = new FilesFolder();
        var content = folder.Read(folder.SmallFile(), HashRequirement.Required);
        Assert.Equal([3L], content.Require("decoder.bias", ElementType.Float64, [3]).Shape);
        string Reason(string name, ElementType type, params long[] shape) => Assert.Throws<TensorFileException>(() => content.Require(name, type, shape)).Reason;
        Assert.Equal("has no tensor 'output.bias'", Reason("output.bias", ElementType.Float32, 3));
        Assert.Equal("tensor 'decoder.bias' is Float64 [3] where Float32 [3] is needed", Reason("decoder.bias", ElementType.Float32, 3));
        Assert.Equal("tensor 'decoder.bias' is Float64 [3] where Float64 [3, 1] is needed", Reason("decoder.bias", ElementType.Float64, 3, 1));
    }

    [Fact]
    public void Folders_and_missing_files_are_refused_in_one_line()
    {
        using var folder = new FilesFolder();
        var missing = Assert.Throws<TensorFileException>(() => SafetensorsFile.Read(folder.File("none"), HashRequirement.Optional));
        Assert.Equal($"{folder.File("none")}: no such file", missing.Message);
        Assert.Throws<TensorFileException>(() => SafetensorsFile.Read(folder.Path, HashRequirement.Optional));
    }
}
