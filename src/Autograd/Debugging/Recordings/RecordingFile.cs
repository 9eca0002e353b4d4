using Transformer.Autograd.Files;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// Recordings as files that every safetensors reader opens: the numbers as tensors by name, the graph in the metadata. The
/// folder's README describes the names and the fields.
/// </summary>
public static class RecordingFile
{
    /// <summary>What a file's metadata says of its format; a program refuses a version that it does not know.</summary>
    public const string FormatVersion = "1";

    internal const string VersionKey = "recording_version";
    internal const string GraphKey = "recording";

    /// <summary>Writes a file, or replaces one, in one step.</summary>
    /// <exception cref="IOException">The file could not be written: disk full, no permission, no such folder. What was there stays whole.</exception>
    /// <exception cref="InvalidOperationException">Graph, masks and texts take more than a header holds, or one tensor more than a file does.</exception>
    public static void Save(Recording recording, string path)
    {
        ArgumentNullException.ThrowIfNull(recording);
        RecordingContent content = new(recording);
        try
        {
            SafetensorsFile.Write(path, content.Entries, content.Metadata);
        }
        catch (TensorFileException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>Writes the same bytes into a stream, which need not be able to seek.</summary>
    /// <exception cref="InvalidOperationException">Graph, masks and texts take more than a header holds, or one tensor more than a file does.</exception>
    public static void Write(Recording recording, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(recording);
        RecordingContent content = new(recording);
        SafetensorsFile.Write(stream, content.Entries, content.Metadata);
    }

    /// <summary>Reads a file whole; nothing is returned before all of it was checked.</summary>
    /// <exception cref="InvalidDataException">
    /// It is not there, truncated, altered or no recording; the message, one line, names the file and the reason.
    /// </exception>
    public static Recording Load(string path) => Checked(path, () => SafetensorsFile.Read(path, HashRequirement.Required));

    /// <summary>Reads a file's bytes from a stream that can seek, begins with them and holds nothing else.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is truncated, altered or no recording; the message names it and the reason.</exception>
    public static Recording Read(Stream stream, string name) =>
        Checked(name, () => SafetensorsFile.Read(stream, name, HashRequirement.Required));

    private static Recording Checked(string path, Func<SafetensorsContent> read)
    {
        try
        {
            return new RecordingReader(read()).Read();
        }
        catch (TensorFileException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
        catch (InvalidDataException exception)
        {
            // Made into one line, as the files' own messages are.
            throw new InvalidDataException(new TensorFileException(path, exception.Message).Message, exception);
        }
    }
}
