namespace Transformer.Autograd.Files;

/// <summary>A file that was read whole and passed every check.</summary>
public sealed class SafetensorsContent
{
    private readonly Dictionary<string, SafetensorsEntry> byName;

    internal SafetensorsContent(
        string path, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata, string? sha256)
    {
        Path = path;
        Entries = entries;
        Metadata = metadata;
        Sha256 = sha256;
        byName = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order in which their data stand in the file.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The file's free texts, without the hash.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The verified SHA-256 in lower-case hexadecimal digits; null where the file has none.</summary>
    public string? Sha256 { get; }

    /// <summary>Whether the file has a tensor of that name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="TensorFileException">There is none.</exception>
    public SafetensorsEntry this[string name] => byName.TryGetValue(name, out var entry)
        ? entry
        : throw new TensorFileException(Path, $"has no tensor {SafetensorsFormat.Quote(name)}");

    /// <summary>The tensor of that name, if it has the type and shape that its place in a model needs.</summary>
    /// <exception cref="TensorFileException">It is missing, or has another type or shape.</exception>
    public SafetensorsEntry Require(string name, ElementType type, IReadOnlyList<long> shape)
    {
        var entry = this[name];
        return entry.Type == type && entry.Shape.SequenceEqual(shape)
            ? entry
            : throw new TensorFileException(
                Path,
                $"tensor {SafetensorsFormat.Quote(name)} is {entry.Type} {ElementTypes.Text(entry.Shape)} where {type} {ElementTypes.Text(shape)} is needed");
    }
}
