using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Transformer.Autograd.Debugging;

namespace Autograd.Tests.Debugging;

/// <summary>
/// A recording's file taken apart and put together from the format's description alone: 8 bytes of length, JSON, data, and the
/// SHA-256 of everything but its own digits at bytes 40 to 103.
/// </summary>
internal sealed class RecordingBytes
{
    private const int HashAt = 40;
    private const int HashDigits = 64;
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public RecordingBytes(byte[] file)
    {
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        Data = file[(8 + length)..];
    }

    public JsonObject Header { get; }

    public JsonObject Metadata => Header["__metadata__"]!.AsObject();

    public byte[] Data { get; set; }

    /// <summary>The JSON of the graph, which is a text within the metadata.</summary>
    public JsonObject Graph
    {
        get => JsonNode.Parse((string)Metadata["recording"]!)!.AsObject();
        set => Metadata["recording"] = value.ToJsonString(Compact);
    }

    public static byte[] Of(Recording recording)
    {
        using MemoryStream stream = new();
        RecordingFile.Write(recording, stream);
        return stream.ToArray();
    }

    public static Recording Read(byte[] file)
    {
        using MemoryStream stream = new(file);
        return RecordingFile.Read(stream, "given.safetensors");
    }

    /// <summary>The file of this header and data, with the hash that belongs to it.</summary>
    public byte[] ToArray()
    {
        byte[] header = Encoding.UTF8.GetBytes(Header.ToJsonString(Compact));
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        byte[] file = [.. length, .. header, .. Data];
        byte[] hash = SHA256.HashData([.. file[..HashAt], .. file[(HashAt + HashDigits)..]]);
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash)).CopyTo(file, HashAt);
        return file;
    }

    public double[] Numbers(string name)
    {
        JsonObject tensor = Header[name]!.AsObject();
        int from = (int)tensor["data_offsets"]![0]!;
        int to = (int)tensor["data_offsets"]![1]!;
        ReadOnlySpan<byte> bytes = Data.AsSpan(from, to - from);
        List<double> numbers = [];
        bool isDouble = (string)tensor["dtype"]! == "F64";
        for (int at = 0; at < bytes.Length; at += isDouble ? 8 : 4)
            numbers.Add(isDouble ? BinaryPrimitives.ReadDoubleLittleEndian(bytes[at..]) : BinaryPrimitives.ReadSingleLittleEndian(bytes[at..]));
        return [.. numbers];
    }
}
