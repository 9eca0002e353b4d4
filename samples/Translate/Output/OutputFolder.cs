using Transformer.Samples.Translate.Running;

namespace Transformer.Samples.Translate.Output;

/// <summary>Writing below the folder that the user named, with errors that name it.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder, and finds out before the work begins whether anything can be written there.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    public static void Prepare(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using FileStream probe = new(
                Path.Combine(folder, $".{Guid.NewGuid():N}.probe"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{folder}: nothing can be written there: {error.Message}");
        }
    }

    /// <summary>Writes a text file beside its place and renames it, so that one that stood there stays until the new one is whole.</summary>
    /// <exception cref="RunFailedException">It cannot be written.</exception>
    public static void Write(string path, string content)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw new RunFailedException($"{path}: cannot be written: {error.Message}", error);
        }
    }
}
