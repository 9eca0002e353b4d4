using System.Text;
using Transformer.Autograd.Files;

namespace Transformer.Autograd.Debugging;

/// <summary>A recording laid out for its file: tensors, and the graph as JSON in the metadata.</summary>
internal sealed partial class RecordingContent
{
    private readonly Recording recording;
    private readonly ValueNames names = new();
    private readonly SharedAttributes shared = new();
    private readonly List<SourceFrame> frames = [];
    private readonly Dictionary<SourceFrame, int> frameNumbers = [];

    /// <exception cref="InvalidOperationException">The graph does not fit a header, or a tensor does not fit a file.</exception>
    public RecordingContent(Recording recording, int longestHeader = SafetensorsFormat.LongestHeader)
    {
        this.recording = recording;
        NameValues();
        string graph = Graph();
        Metadata = new Dictionary<string, string>
        {
            [RecordingFile.VersionKey] = RecordingFile.FormatVersion,
            [RecordingFile.GraphKey] = graph,
        };
        CheckSize(graph, longestHeader);
    }

    public IReadOnlyList<SafetensorsEntry> Entries => names.Entries;

    public IReadOnlyDictionary<string, string> Metadata { get; }

    // A gradient that is one contribution and nothing else has the name of the gradient, so these are named first.
    private void NameValues()
    {
        foreach (RecordedTensor tensor in recording.Tensors)
        {
            names.Of(tensor.Values, tensor.Label);
            if (tensor.GradientBefore is { } before)
                names.Of(before, tensor.Label + ".grad.before");
        }

        foreach (RecordedOperation operation in recording.Operations)
        {
            foreach ((string name, RecordedValues values) in operation.Saved)
                names.Of(values, FormattableString.Invariant($"#{operation.Number}.{name}"));
        }

        foreach (TimelineEvent entry in recording.Timeline.Where(entry => entry.Gradient is not null))
            names.Of(entry.Gradient!, (entry.Operation is null ? entry.Tensor.Label : Address(entry.Operation)) + ".grad" + Pass(entry));
        foreach (TimelineEvent entry in recording.Timeline)
        {
            foreach (Contribution contribution in entry.Contributions)
                names.Of(contribution.Values, FormattableString.Invariant($"{Address(entry.Operation!)}.in{contribution.InputPosition}.grad{Pass(entry)}"));
        }
    }

    private static string Address(RecordedOperation operation) => FormattableString.Invariant($"#{operation.Number}");

    private static string Pass(TimelineEvent entry) =>
        entry.Pass > 1 ? FormattableString.Invariant($".pass{entry.Pass}") : string.Empty;

    // The graph is a text within the header, where every quote and backslash takes one byte more.
    private void CheckSize(string graph, int longestHeader)
    {
        long names = Entries.Sum(entry => (2L * entry.Name.Length) + 100);
        long bytes = Encoding.UTF8.GetByteCount(graph) + graph.Count(character => character is '"' or '\\') + names;
        if (bytes > longestHeader)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"RecordingFile: graph, masks and texts take {bytes} bytes, {shared.ByteCount} of them masks and indices, and a file's header holds {longestHeader}; record fewer operations or smaller batches."));
        }
    }
}
