namespace Transformer.Autograd.Debugging;

/// <summary>Recordings as files that every safetensors reader opens: the numbers as tensors by name, the graph in the metadata.</summary>
public static class RecordingFile
{
    /// <summary>Writes a file, or replaces one, in one step.</summary>
    public static void Save(Recording recording, string path) => throw new NotImplementedException();

    /// <summary>Reads a file whole; nothing is returned before all of it was checked.</summary>
    /// <exception cref="InvalidDataException">It is truncated, altered or no recording; the message names the file and the reason.</exception>
    public static Recording Load(string path) => throw new NotImplementedException();
}
