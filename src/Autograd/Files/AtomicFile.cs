using System.Globalization;

namespace Transformer.Autograd.Files;

/// <summary>
/// Replaces a file by a new one in one step: a reader, or whoever comes after a crash, finds the old file whole or the new one whole.
/// The new one is written beside it as <c>NAME.(32 digits).tmp</c>, flushed to the disk and renamed. What a killed run left under such
/// a name is removed by the next save: a lock tells it from a file that another process is writing at the moment.
/// After a power cut the folder may still show the old file, since .NET can flush a file but not a folder; it is whole.
/// </summary>
public static class AtomicFile
{
    private const string Ending = ".tmp";
    private const int Digits = 32;
    private const int Attempts = 20;

    /// <summary>Writes the new content through <paramref name="write"/> and puts it in place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Bytes to reserve on the disk beforehand; 0 where it is not known.</param>
    /// <param name="write">Writes all of it, from the start.</param>
    /// <exception cref="IOException">Nothing was replaced and no temporary file is left.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Replace(string path, long length, Action<FileStream> write)
    {
        path = Path.GetFullPath(path);
        for (var attempt = 1; ; attempt++)
        {
            RemoveLeftovers(path);
            try
            {
                WriteAndRename(path, length, write);
                return;
            }
            catch (IOException error) when (attempt < Attempts && (error is FileNotFoundException || IsSharingViolation(error)))
            {
                // Between a file's creation and its lock, another save may have taken it for a leftover.
            }
        }
    }

    /// <summary>Opens a file to read it whole while others may be replacing it.</summary>
    public static FileStream OpenToRead(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            }
            catch (IOException error) when (attempt < Attempts && IsSharingViolation(error))
            {
                // A save that looks for leftovers opens a temporary file, and may hold it still when it has got its final name.
                Thread.Sleep(attempt);
            }
        }
    }

    /// <summary>True where another process holds the file: ERROR_SHARING_VIOLATION on Windows; EWOULDBLOCK of flock on Linux and on macOS.</summary>
    public static bool IsSharingViolation(IOException error) => error.HResult is unchecked((int)0x80070020) or 11 or 35;

    private static void WriteAndRename(string path, long length, Action<FileStream> write)
    {
        var temporary = string.Create(CultureInfo.InvariantCulture, $"{path}.{Guid.NewGuid():N}{Ending}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,

            // The lock lasts until after the rename. It lets readers in, for from the rename on the file has its final name and
            // may be opened; a save that looks for leftovers wants a file to itself, so it passes this one by.
            // Windows renames an open file only if it may be deleted.
            Share = FileShare.Read | FileShare.Delete,

            // A full disk is noticed before the first byte is written, where the file system can tell.
            PreallocationSize = length,
        };
        try
        {
            using var stream = new FileStream(temporary, options);
            write(stream);
            stream.Flush(flushToDisk: true);
            File.Move(temporary, path, overwrite: true);
        }
        catch (ArgumentOutOfRangeException error)
        {
            // What FileStream makes of EFBIG: a limit of the file system or of the user's account.
            TryDelete(temporary);
            throw new IOException("the file is larger than the file system or the limits of this account allow", error);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>The temporary files beside a file, of this and of other runs.</summary>
    public static IEnumerable<string> Temporaries(string path)
    {
        path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(path);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var length = path.Length + 1 + Digits + Ending.Length;
        return Directory.EnumerateFiles(folder).Where(file =>
            file.Length == length
            && file.StartsWith(path + ".", StringComparison.Ordinal)
            && file.EndsWith(Ending, StringComparison.Ordinal)
            && file.Substring(path.Length + 1, Digits).All(char.IsAsciiHexDigitLower));
    }

    private static void RemoveLeftovers(string path)
    {
        foreach (var file in Temporaries(path).ToArray())
        {
            try
            {
                // Opening it alone fails while its writer lives; closing it then removes it.
                new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another process is writing it, or it is not ours to remove: it disturbs nobody.
            }
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to report, and the next save tries again.
        }
    }
}
