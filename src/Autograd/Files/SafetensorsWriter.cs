using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Transformer.Autograd.Files;

/// <summary>
/// Writes a file from front to back, with a hash computed beforehand, so that it may go into any stream. Equal content makes equal bytes: tensors stand in the order of their element's
/// size, largest first, so that each begins at a multiple of it, and else as given; metadata by key.
/// </summary>
internal sealed class SafetensorsWriter
{
    private readonly SafetensorsEntry[] entries;
    private readonly byte[] prefix = new byte[SafetensorsFormat.LengthBytes];
    private readonly byte[] header;

    /// <summary>Lays the file out; nothing is written yet.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name, a key is reserved, or the header would be too long.</exception>
    internal SafetensorsWriter(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.ContainsKey(SafetensorsFormat.HashName))
        {
            throw new ArgumentException($"the metadata cannot hold {SafetensorsFormat.HashName}: the writer sets it", nameof(metadata));
        }

        if (entries.GroupBy(entry => entry.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"two tensors are called {SafetensorsFormat.Quote(twice.Key)}", nameof(entries));
        }

        this.entries = [.. entries.OrderByDescending(entry => entry.Type.Bits())];
        header = MakeHeader(metadata);
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        TotalLength = prefix.Length + header.Length + this.entries.Sum(entry => (long)entry.Data.Length);
    }

    /// <summary>Bytes of the whole file.</summary>
    internal long TotalLength { get; }

    /// <summary>Writes all of it.</summary>
    internal void WriteTo(Stream stream)
    {
        var digits = header.AsSpan(SafetensorsFormat.BeforeHash.Length, SafetensorsFormat.HashDigits);
        SafetensorsFormat.Digits(Hash()).CopyTo(digits);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var entry in entries)
        {
            stream.Write(entry.Data.Span);
        }
    }

    private byte[] Hash()
    {
        var hashAt = SafetensorsFormat.BeforeHash.Length;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(prefix);
        hash.AppendData(header.AsSpan(0, hashAt));
        hash.AppendData(header.AsSpan(hashAt + SafetensorsFormat.HashDigits));
        foreach (var entry in entries)
        {
            hash.AppendData(entry.Data.Span);
        }

        return hash.GetHashAndReset();
    }

    private byte[] MakeHeader(IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            WriteTensors(json);
            json.WriteEndObject();
        }

        // Spaces at the end make the data begin at a multiple of 8, the largest element.
        var padding = -buffer.WrittenCount & 7;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenCount <= SafetensorsFormat.LongestHeader
            ? buffer.WrittenSpan.ToArray()
            : throw new ArgumentException($"the header would take {buffer.WrittenCount} bytes; {SafetensorsFormat.LongestHeader} is the limit");
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(SafetensorsFormat.MetadataName);
        json.WriteString(SafetensorsFormat.HashName, new string('0', SafetensorsFormat.HashDigits));
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            SafetensorsFormat.RequireText(key, nameof(metadata));
            SafetensorsFormat.RequireText(value, nameof(metadata));
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private void WriteTensors(Utf8JsonWriter json)
    {
        var offset = 0L;
        foreach (var entry in entries)
        {
            json.WriteStartObject(entry.Name);
            json.WriteString("dtype", entry.Type.Name());
            json.WriteStartArray("shape");
            foreach (var size in entry.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset += entry.Data.Length);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
