using System.Text;
using System.Text.Unicode;
using Transformer.Autograd.Files;

namespace Transformer.Training.Data;

/// <summary>
/// Whole text files, line by line: strict UTF-8, plain or compressed. Every fault becomes a <see cref="DataFileException"/>.
/// </summary>
public static class TextFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Reads all lines. A line ends with a line feed, and a carriage return before it belongs to the line's end; the last line
    /// needs no end. A byte order mark at the start is skipped.
    /// </summary>
    /// <param name="path">The file; a name that ends in <c>.gz</c> is decompressed.</param>
    /// <returns>The lines without their ends.</returns>
    /// <exception cref="DataFileException">The file is missing or unreadable, its compressed data are damaged, or a line is not
    /// UTF-8 (the message names the line, counted from 1).</exception>
    public static IReadOnlyList<string> ReadLines(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ReadOnlySpan<byte> rest = ReadBytes(path);
        if (rest.StartsWith("\uFEFF"u8)) rest = rest[3..];

        // In UTF-8 the byte 0x0A is a line feed and never a part of another character, so the bytes can be split before they
        // are decoded, and a fault is known by its line.
        var lines = new List<string>();
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.EndsWith("\r"u8)) line = line[..^1];
            if (!Utf8.IsValid(line)) throw new DataFileException($"{path}: line {lines.Count + 1} is not valid UTF-8");
            lines.Add(StrictUtf8.GetString(line));
        }
        return lines;
    }

    /// <summary>
    /// Writes a whole file by <see cref="AtomicFile"/>: what stood there before stays whole until the new one is.
    /// </summary>
    internal static void Write(string path, Action<TextWriter> write)
    {
        try
        {
            AtomicFile.Replace(path, length: 0, stream =>
            {
                using var writer = new StreamWriter(stream, StrictUtf8, leaveOpen: true);
                write(writer);
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException($"{path}: cannot be written: {OneLine(error)}", error);
        }
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? GzipFile.Decompress(bytes) : bytes;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFileException($"{path}: no such file", error);
        }
        catch (InvalidDataException error)
        {
            throw new DataFileException($"{path}: damaged or truncated gzip data: {OneLine(error)}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException($"{path}: cannot be read: {OneLine(error)}", error);
        }
    }

    private static string OneLine(Exception error) => error.Message.ReplaceLineEndings(" ");
}
