using System.Text;
using Transformer.Autograd.Files;
using Transformer.Samples.Translate.Running;

namespace Transformer.Samples.Translate.Output;

/// <summary>Writing where the user said, with errors that name the place.</summary>
internal static class OutputFolder
{
    private const string LockFile = ".lock";

    /// <summary>
    /// Takes a folder for one run, and finds out before the work begins whether anything can be written there. Until the
    /// result is disposed of, or the process ends, no other run gets it.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="mayCreate">Whether it is made where it is not there.</param>
    /// <exception cref="UsageException">Nothing can be written there, or another run is at it.</exception>
    public static IDisposable Claim(string folder, bool mayCreate)
    {
        if (!mayCreate && !Directory.Exists(folder))
            throw new UsageException($"{folder}: no such folder");
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(
                Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (AtomicFile.IsSharingViolation(error))
        {
            throw new UsageException($"another run is writing to {folder}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{folder}: nothing can be written there: {error.Message}");
        }
    }

    /// <summary>Finds out before the work begins whether a file could be put at this place.</summary>
    /// <exception cref="UsageException">It could not.</exception>
    public static void CheckPlace(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        if (!Directory.Exists(folder))
            throw new UsageException($"{path}: there is no folder {folder}");
        if (Directory.Exists(path))
            throw new UsageException($"{path}: this is a folder, not a file");
    }

    /// <summary>Replaces a text file in one step: one that stood there stays until the new one is whole.</summary>
    /// <exception cref="RunFailedException">It cannot be written.</exception>
    public static void Write(string path, string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        try
        {
            AtomicFile.Replace(path, bytes.Length, stream => stream.Write(bytes));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"{path}: cannot be written: {error.Message}", error);
        }
    }
}
