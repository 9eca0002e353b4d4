using System.Text.Json;
using Transformer.Autograd.Files;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// Makes a recording of a file's content, and believes nothing: every reference, shape and order is checked. Whatever is
/// wrong is an <see cref="InvalidDataException"/> with the reason; the caller knows the file's name.
/// </summary>
internal sealed partial class RecordingReader(SafetensorsContent file)
{
    private readonly Dictionary<string, RecordedValues> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> unused = new(StringComparer.Ordinal);
    private readonly List<RecordedTensor> tensors = [];
    private readonly List<RecordedOperation> operations = [];
    private readonly List<TimelineEvent> timeline = [];
    private List<SourceFrame> frames = [];
    private SharedAttributes shared = new();

    public Recording Read()
    {
        CheckVersion();
        using JsonDocument document = StrictJson.Parse(file.Metadata[RecordingFile.GraphKey], "its recording");
        JsonFields graph = new(document.RootElement, "its recording");
        ReadValues(graph);
        shared = new SharedAttributes(graph);
        frames = [.. graph.List("frames").Select(entry => ReadFrame(new JsonFields(entry.Item, entry.Where)))];
        foreach ((JsonElement item, string where) in graph.List("tensors"))
            tensors.Add(ReadTensor(new JsonFields(item, where)));
        foreach ((JsonElement item, string where) in graph.List("operations"))
            operations.Add(ReadOperation(new JsonFields(item, where)));
        CheckOrder();
        foreach ((JsonElement item, string where) in graph.List("timeline"))
            timeline.Add(ReadEvent(new JsonFields(item, where)));
        StrictJson.Require(forward == operations.Count, "its timeline", "ends before every operation has run forward");
        Dictionary<string, string> facts = ReadFacts(graph.Object("facts"));
        Dictionary<string, IReadOnlyList<IReadOnlyList<string>>> words = ReadWords(graph.Object("words"));
        graph.End();
        if (unused.Count > 0)
            throw new InvalidDataException($"its recording does not say what {SafetensorsFormat.Quote(unused.First())} is");
        return new Recording(tensors, operations, timeline, facts, words);
    }

    private void CheckVersion()
    {
        if (!file.Metadata.TryGetValue(RecordingFile.VersionKey, out string? version) || !file.Metadata.ContainsKey(RecordingFile.GraphKey))
            throw new InvalidDataException("holds tensors and no recording");
        if (version != RecordingFile.FormatVersion)
        {
            throw new InvalidDataException(
                $"is a recording of format version {SafetensorsFormat.Quote(version)}, and this program reads version '{RecordingFile.FormatVersion}'");
        }
    }

    private void ReadValues(JsonFields graph)
    {
        foreach (SafetensorsEntry entry in file.Entries)
            Add(entry.Name, ValuesJson.Read(entry));
        JsonFields views = graph.Object("views");
        foreach (string name in views.Unread.ToArray())
        {
            JsonFields view = views.Object(name);
            string of = view.Text("of");
            Shape shape = view.Shape("shape");
            view.End();
            bool fits = file.Contains(of) && values[of].Count == shape.ElementCount;
            StrictJson.Require(fits, view.Where, $"is {shape} of {SafetensorsFormat.Quote(of)}, which is no tensor of that many elements");
            Add(name, values[of].As(shape));
        }

        JsonFields leftOut = graph.Object("left_out");
        foreach (string name in leftOut.Unread.ToArray())
            Add(name, ValuesJson.ReadLeftOut(leftOut.Object(name)));
    }

    private void Add(string name, RecordedValues entry)
    {
        if (!values.TryAdd(name, entry))
            throw new InvalidDataException($"its recording has {SafetensorsFormat.Quote(name)} twice");
        unused.Add(name);
    }

    /// <summary>Numbers by name; shape and dtype are those that their place needs.</summary>
    private RecordedValues Values(JsonElement element, string where, Shape? shape, DType dtype)
    {
        string name = StrictJson.Text(element, where);
        if (!values.TryGetValue(name, out RecordedValues? found))
            throw new InvalidDataException($"{where} is {SafetensorsFormat.Quote(name)}, which the file does not have");
        unused.Remove(name);
        StrictJson.Require(
            (shape is null || found.Shape.Equals(shape)) && found.DType == dtype, where,
            $"is {found.Shape} {found.DType} where {shape?.ToString() ?? string.Empty} {dtype} is needed");
        return found;
    }

    private RecordedTensor Tensor(JsonFields fields, string name) => tensors[fields.Number(name, 0, tensors.Count - 1)];

    private SourceFrame? Line(JsonFields fields, string name) =>
        fields.Has(name) ? frames[fields.Number(name, 0, frames.Count - 1)] : null;

    // Whoever shows the line may open the file: it lies within the repository.
    private static SourceFrame ReadFrame(JsonFields fields)
    {
        string path = fields.Text("file");
        bool isAbsolute = path.StartsWith('/') || path.Contains('\\') || (path.Length > 1 && path[1] == ':');
        StrictJson.Require(!isAbsolute && !path.Split('/').Contains(".."), fields.Where, "has a file outside the repository");
        SourceFrame frame = new(path, fields.Number("line", 0, int.MaxValue), fields.Text("method"), fields.Text("text"));
        fields.End();
        return frame;
    }

    private static Dictionary<string, string> ReadFacts(JsonFields fields) =>
        fields.Unread.ToArray().ToDictionary(name => name, fields.Text);

    private static Dictionary<string, IReadOnlyList<IReadOnlyList<string>>> ReadWords(JsonFields fields) =>
        fields.Unread.ToArray().ToDictionary(axis => axis, axis => (IReadOnlyList<IReadOnlyList<string>>)
            [.. fields.List(axis).Select(sentence => StrictJson.List(sentence.Item, sentence.Where)
                .Select(word => StrictJson.Text(word.Item, word.Where)).ToArray())]);
}
