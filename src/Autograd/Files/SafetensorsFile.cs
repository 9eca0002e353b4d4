namespace Transformer.Autograd.Files;

/// <summary>
/// Files of tensors in the safetensors format (github.com/huggingface/safetensors), which PyTorch and others read and write, with a
/// SHA-256 over every byte of the file but the hash's own 64 digits. The hash is the first text of the metadata, <c>file_sha256</c>,
/// where other programs see a text like any other.
/// </summary>
public static class SafetensorsFile
{
    /// <summary>
    /// Writes a file, or replaces one, in one step: on any failure what was there before stays whole. Equal content makes equal
    /// bytes.
    /// </summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="entries">The tensors, each name once.</param>
    /// <param name="metadata">Free texts; <c>file_sha256</c> is added.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, a key is reserved or text is not valid.</exception>
    /// <exception cref="TensorFileException">The file could not be written: disk full, no permission, no such folder.</exception>
    public static void Write(string path, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata) =>
        Write(path, entries, metadata, stream => stream);

    /// <summary>Writes the same bytes into a stream, from front to back.</summary>
    /// <param name="stream">Need not be able to seek.</param>
    /// <param name="entries">The tensors, each name once.</param>
    /// <param name="metadata">Free texts; <c>file_sha256</c> is added.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, a key is reserved or text is not valid.</exception>
    public static void Write(Stream stream, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(metadata);
        new SafetensorsWriter(entries, metadata).WriteTo(stream);
    }

    /// <summary>Reads a file whole. Nothing is returned before all of it was checked, the hash last.</summary>
    /// <param name="path">The file.</param>
    /// <param name="requirement">Whether a file without a hash is refused.</param>
    /// <exception cref="TensorFileException">The file cannot be read, is not whole, or is not what the format says.</exception>
    public static SafetensorsContent Read(string path, HashRequirement requirement)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Named(path, () =>
        {
            using var stream = AtomicFile.OpenToRead(path);
            return new SafetensorsReader(stream).Read(path, requirement);
        });
    }

    /// <summary>Reads a file's bytes from a stream that begins with them and holds nothing else.</summary>
    /// <param name="stream">Can seek and stands at its beginning.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="requirement">Whether a file without a hash is refused.</param>
    /// <exception cref="TensorFileException">The stream cannot be read, is not whole, or is not what the format says.</exception>
    public static SafetensorsContent Read(Stream stream, string name, HashRequirement requirement)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return Named(name, () => new SafetensorsReader(stream).Read(name, requirement));
    }

    /// <summary>The seam for tests: what is written passes through <paramref name="around"/>, which may fail as a full disk does.</summary>
    internal static void Write(
        string path, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata, Func<FileStream, Stream> around)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(metadata);
        var writer = new SafetensorsWriter(entries, metadata);
        try
        {
            AtomicFile.Replace(path, writer.TotalLength, stream => writer.WriteTo(around(stream)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var before = File.Exists(path) ? "; the file that was there is unchanged" : "";
            throw new TensorFileException(path, $"could not be saved: {exception.Message.TrimEnd('.')}{before}", exception);
        }
    }

    // Whatever goes wrong is said with the file's name.
    private static SafetensorsContent Named(string path, Func<SafetensorsContent> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException exception)
        {
            throw new TensorFileException(path, exception.Message, exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TensorFileException(path, "no such file", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TensorFileException(path, $"could not be read: {exception.Message}", exception);
        }
    }
}
