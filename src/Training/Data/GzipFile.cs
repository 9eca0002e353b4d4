using System.Buffers.Binary;
using System.IO.Compression;

namespace Transformer.Training.Data;

/// <summary>
/// Decompresses a whole gzip file (RFC 1952) and demands that every member is complete, with its length and checksum.
/// <see cref="GZipStream"/> takes a file that was cut off anywhere for a shorter text.
/// </summary>
internal static class GzipFile
{
    private const int HeaderLength = 10, TrailerLength = 8;
    private const int HeaderChecksum = 2, ExtraField = 4, Name = 8, Comment = 16; // the bits of the header's flags
    private static readonly uint[] ChecksumTable = [.. Enumerable.Range(0, 256).Select(ChecksumOfByte)];

    /// <exception cref="InvalidDataException">The data are damaged or do not end where they should.</exception>
    public static byte[] Decompress(byte[] file)
    {
        using var plain = new MemoryStream();
        var buffer = new byte[1 << 16];
        int at = 0;
        do
        {
            at = SkipHeader(file, at);
            int start = (int)plain.Length;
            using var member = new SingleByteStream(file, at);
            using var inflater = new DeflateStream(member, CompressionMode.Decompress);
            // Not CopyTo, which drains the file even where the compressed data have ended.
            for (int count; (count = inflater.Read(buffer)) > 0;) plain.Write(buffer, 0, count);
            at = member.At;
            ReadOnlySpan<byte> trailer = Take(file, ref at, TrailerLength);
            ReadOnlySpan<byte> text = plain.GetBuffer().AsSpan(start, (int)plain.Length - start);
            if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) != Checksum(text)) throw new InvalidDataException("the checksum does not fit");
            if (BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) != (uint)text.Length) throw new InvalidDataException("the length does not fit");
        }
        while (at < file.Length);
        return plain.ToArray();
    }

    private static int SkipHeader(byte[] file, int at)
    {
        ReadOnlySpan<byte> header = Take(file, ref at, HeaderLength);
        if (header is not [0x1F, 0x8B, 8, ..]) throw new InvalidDataException("it does not begin as gzip data do");
        byte flags = header[3];
        if ((flags & ExtraField) != 0)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(Take(file, ref at, 2));
            Take(file, ref at, length);
        }
        foreach (int text in new[] { Name, Comment })
        {
            if ((flags & text) != 0) while (Take(file, ref at, 1)[0] != 0) { }
        }
        if ((flags & HeaderChecksum) != 0) Take(file, ref at, 2);
        return at;
    }

    private static ReadOnlySpan<byte> Take(byte[] file, ref int at, int length)
    {
        if (length > file.Length - at) throw new InvalidDataException("it ends too early");
        at += length;
        return file.AsSpan(at - length, length);
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes) sum = ChecksumTable[(byte)(sum ^ value)] ^ (sum >> 8);
        return ~sum;
    }

    // CRC-32 with the reversed polynomial 0xEDB88320.
    private static uint ChecksumOfByte(int value)
    {
        uint sum = (uint)value;
        for (int bit = 0; bit < 8; bit++) sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
        return sum;
    }

    /// <summary>
    /// Gives one byte at a time, so that <see cref="DeflateStream"/>, which does not say where the compressed data end, cannot read
    /// beyond that.
    /// </summary>
    private sealed class SingleByteStream(byte[] file, int start) : Stream
    {
        public int At { get; private set; } = start;
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (At == file.Length || buffer.IsEmpty) return 0;
            buffer[0] = file[At++];
            return 1;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
