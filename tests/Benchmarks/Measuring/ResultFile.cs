namespace Benchmarks.Measuring;

/// <summary>The file of <c>--out</c>, opened at once: a place that cannot be written to is known before a long measurement, not after it.</summary>
internal sealed class ResultFile
{
    private readonly string? path;

    /// <param name="path">Null for no file. Folders that are missing are made.</param>
    /// <exception cref="IOException">It cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written to.</exception>
    public ResultFile(string? path)
    {
        this.path = path;
        if (path is null)
            return;
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        File.Open(path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
    }

    /// <summary>Writes the result as JSON, on one line.</summary>
    public void Write<T>(T result)
    {
        if (path is not null)
            File.WriteAllText(path, JsonLine.Text(result) + "\n");
    }
}
