using System.Buffers.Binary;
using System.Text;
using Transformer.Autograd.Files;

namespace Autograd.Tests.Files;

/// <summary>A folder for one test, removed after it, and files to put there.</summary>
internal sealed class FilesFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("files-").FullName;

    /// <summary>A small file of several types: a matrix, a vector, a single number, an empty tensor, bytes.</summary>
    internal static IReadOnlyList<SafetensorsEntry> SmallEntries { get; } =
    [
        SafetensorsEntry.From<float>("encoder.weight", [2, 3], new float[] { 1, -2, 3.5f, 0, float.NaN, 6 }),
        SafetensorsEntry.From<double>("decoder.bias", [3], new double[] { 0.1, -1e300, double.Epsilon }),
        SafetensorsEntry.From<long>("training.step", [], new long[] { 1234567890123 }),
        SafetensorsEntry.From<float>("nothing", [0, 4], []),
        SafetensorsEntry.From<byte>("training.state", [5], "hello"u8.ToArray()),
    ];

    internal static IReadOnlyDictionary<string, string> SmallMetadata { get; } =
        new Dictionary<string, string> { ["format"] = "pt", ["größe"] = "\"tiny\"\n" };

    public void Dispose() => Directory.Delete(Path, recursive: true);

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    internal byte[] SmallFile()
    {
        var path = File("small.safetensors");
        SafetensorsFile.Write(path, SmallEntries, SmallMetadata);
        return System.IO.File.ReadAllBytes(path);
    }

    /// <summary>A file with a header and data of one's own, as another program would have written it.</summary>
    internal static byte[] Bytes(string header, params byte[] data) => Bytes(Encoding.UTF8.GetBytes(header), data);

    internal static byte[] Bytes(byte[] header, params byte[] data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        return [.. length, .. header, .. data];
    }

    internal SafetensorsContent Read(byte[] bytes, HashRequirement requirement)
    {
        var path = File("given.safetensors");
        System.IO.File.WriteAllBytes(path, bytes);
        return SafetensorsFile.Read(path, requirement);
    }

    /// <summary>The file is refused, by a message of one line that names it.</summary>
    internal TensorFileException Refuse(byte[] bytes, HashRequirement requirement)
    {
        var exception = Xunit.Assert.Throws<TensorFileException>(() => Read(bytes, requirement));
        Xunit.Assert.StartsWith(File("given.safetensors") + ": ", exception.Message, StringComparison.Ordinal);
        Xunit.Assert.DoesNotContain(exception.Message, char.IsControl);
        return exception;
    }
}
