using Transformer.Autograd.Files;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// What a recording's file calls its numbers. Each is stored once, under the first name that was wanted for it; numbers in
/// memory that is stored already, in another shape, become views.
/// </summary>
internal sealed class ValueNames
{
    private readonly Dictionary<RecordedValues, string> names = [];
    private readonly HashSet<string> taken = [SafetensorsFormat.MetadataName];
    private readonly Dictionary<(object Memory, int Offset, int Count, int Version), string> stored = [];

    /// <summary>The tensors of the file.</summary>
    public List<SafetensorsEntry> Entries { get; } = [];

    /// <summary>Numbers of another tensor of the file in a shape of their own.</summary>
    public List<(string Name, RecordedValues Values, string Of)> Views { get; } = [];

    /// <summary>Numbers of which only the statistics were kept.</summary>
    public List<(string Name, RecordedValues Values)> LeftOut { get; } = [];

    /// <summary>The name of these numbers: the one that they have already, else the wanted one, with <c> (2)</c> where it is taken.</summary>
    public string Of(RecordedValues values, string wanted)
    {
        if (names.TryGetValue(values, out string? known))
            return known;
        string name = Free(wanted);
        names[values] = name;
        if (!values.IsComplete)
            LeftOut.Add((name, values));
        else if (stored.TryGetValue(values.Tensor.MemoryKey, out string? of))
            Views.Add((name, values, of));
        else
            Store(name, values);
        return name;
    }

    private void Store(string name, RecordedValues values)
    {
        long bytes = (long)values.Count * values.DType.ByteSize();
        if (bytes > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"RecordingFile: {name} has {bytes} bytes, and a file holds {Array.MaxLength} in one tensor; record with a smaller RecordingOptions.LargestTensor.");
        }

        SafetensorsEntry.RequireLittleEndian();
        Entries.Add(new SafetensorsEntry(
            name, values.DType == DType.Float32 ? ElementType.Float32 : ElementType.Float64,
            [.. values.Shape.Select(size => (long)size)], new TensorBytes(values.Tensor).Memory));
        stored[values.Tensor.MemoryKey] = name;
    }

    private string Free(string wanted)
    {
        string text = SafetensorsFormat.Repaired(wanted);
        string name = text;
        for (int number = 2; !taken.Add(name); number++)
            name = FormattableString.Invariant($"{text} ({number})");
        return name;
    }
}
