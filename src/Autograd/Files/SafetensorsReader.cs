using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Transformer.Autograd.Files;

/// <summary>Reads a file from front to back: length, header, every check that needs no data, data, hash.</summary>
internal sealed class SafetensorsReader(Stream stream)
{
    /// <summary>Reads and checks all.</summary>
    /// <exception cref="InvalidDataException">The file is not what the format or the requirement asks for.</exception>
    internal SafetensorsContent Read(string path, HashRequirement requirement)
    {
        var length = stream.CanSeek ? stream.Length : throw new InvalidDataException("is not a regular file");
        var (prefix, header) = ReadHeader(length);
        var parsed = SafetensorsHeader.Parse(header);
        var digits = HashDigits(header, parsed);
        if (digits is null && requirement == HashRequirement.Required)
        {
            throw new InvalidDataException("has no SHA-256 in its metadata; only a file that another program wrote may lack it, and it must be imported");
        }

        var places = TensorLayout.Check(parsed.Tensors, length - prefix.Length - header.Length);
        using var hash = digits is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash?.AppendData(prefix);
        hash?.AppendData(header.AsSpan(0, SafetensorsFormat.BeforeHash.Length));
        hash?.AppendData(header.AsSpan(SafetensorsFormat.BeforeHash.Length + SafetensorsFormat.HashDigits));
        var entries = ReadData(places, hash);
        if (hash is not null && !SafetensorsFormat.Digits(hash.GetHashAndReset()).AsSpan().SequenceEqual(digits))
        {
            throw new InvalidDataException("was altered or damaged: its SHA-256 does not match its bytes");
        }

        parsed.Metadata.Remove(SafetensorsFormat.HashName, out var sha256);
        return new SafetensorsContent(path, entries, parsed.Metadata, sha256);
    }

    private (byte[] Prefix, byte[] Header) ReadHeader(long length)
    {
        if (length < SafetensorsFormat.LengthBytes)
        {
            throw new InvalidDataException($"is too short: {length} bytes");
        }

        var prefix = new byte[SafetensorsFormat.LengthBytes];
        stream.ReadExactly(prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafetensorsFormat.LongestHeader)
        {
            throw new InvalidDataException($"says that its header has {headerLength} bytes; {SafetensorsFormat.LongestHeader} is the limit");
        }

        if ((long)headerLength > length - prefix.Length)
        {
            throw new InvalidDataException($"says that its header has {headerLength} bytes, and only {length - prefix.Length} follow");
        }

        var header = new byte[headerLength];
        stream.ReadExactly(header);
        return (prefix, header);
    }

    /// <summary>The digits as they stand in the file; null where the metadata has no hash.</summary>
    private static byte[]? HashDigits(byte[] header, SafetensorsHeader parsed)
    {
        if (!parsed.Metadata.TryGetValue(SafetensorsFormat.HashName, out var value))
        {
            return null;
        }

        var before = SafetensorsFormat.BeforeHash;
        if (!header.AsSpan().StartsWith(before) || value.Length != SafetensorsFormat.HashDigits)
        {
            throw new InvalidDataException("has a SHA-256 that does not stand at its place at the beginning of the header");
        }

        return header[before.Length..(before.Length + SafetensorsFormat.HashDigits)];
    }

    private List<SafetensorsEntry> ReadData(List<TensorPlace> places, IncrementalHash? hash)
    {
        var entries = new List<SafetensorsEntry>(places.Count);
        foreach (var place in places)
        {
            // One array a tensor, so that numbers are aligned whatever the file's layout, and a tensor can be dropped when it is copied.
            var data = GC.AllocateUninitializedArray<byte>(checked((int)(place.End - place.Begin)));
            stream.ReadExactly(data);
            hash?.AppendData(data);
            entries.Add(new SafetensorsEntry(place.Name, place.Type, place.Shape, data));
        }

        return entries;
    }
}
