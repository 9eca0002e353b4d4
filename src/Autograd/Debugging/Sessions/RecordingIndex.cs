namespace Transformer.Autograd.Debugging.Sessions;

/// <summary>What a session looks up in a recording: tensors by name, events by operation, readers by tensor.</summary>
internal sealed class RecordingIndex
{
    private readonly Dictionary<string, List<RecordedTensor>> byLabel = [];
    private readonly int[] forwardEvents;
    private readonly List<TimelineEvent>?[] backwardEvents;
    private readonly Dictionary<RecordedTensor, List<RecordedOperation>> readers = [];

    // A version of a tensor whose values were edited → the next one and the event that first touched that.
    private readonly Dictionary<RecordedTensor, (RecordedTensor Tensor, int Event)> laterVersions = [];

    public RecordingIndex(Recording recording)
    {
        Recording = recording;
        forwardEvents = new int[recording.Operations.Count + 1];
        backwardEvents = new List<TimelineEvent>[recording.Operations.Count + 1];
        foreach (RecordedTensor tensor in recording.Tensors)
            ListIn(byLabel, tensor.Label).Add(tensor);
        foreach (RecordedOperation operation in recording.Operations)
        {
            foreach (RecordedTensor input in operation.Inputs.Distinct())
                ListIn(readers, input).Add(operation);
        }

        foreach (TimelineEvent entry in recording.Timeline)
        {
            AddVersions(entry);
            if (entry.Kind == TimelineEventKind.Forward)
                forwardEvents[entry.Operation!.Number] = entry.Number;
            else if (entry.Kind == TimelineEventKind.Backward)
                (backwardEvents[entry.Operation!.Number] ??= []).Add(entry);
        }

        Modules = [.. recording.Operations.Select(operation => operation.Module).Where(module => module.Length > 0).Distinct()];
        Kinds = [.. recording.Operations.Select(operation => operation.Kind).Distinct().Order(StringComparer.Ordinal)];
        Passes = recording.Timeline.Count(entry => entry.Kind == TimelineEventKind.BackwardStart);
    }

    /// <summary>What stands behind a name that means the first version and not the present one.</summary>
    public const string FirstVersion = "@1";

    public Recording Recording { get; }

    /// <summary>Module paths in order of their first operation.</summary>
    public IReadOnlyList<string> Modules { get; }

    /// <summary>Kinds of the recorded operations.</summary>
    public IReadOnlyList<string> Kinds { get; }

    /// <summary>Number of backward passes.</summary>
    public int Passes { get; }

    /// <summary>All labels, those that several tensors share once.</summary>
    public IEnumerable<string> Labels => byLabel.Keys;

    /// <summary>The tensors that bear a label.</summary>
    public IReadOnlyList<RecordedTensor> Labelled(string label) =>
        byLabel.TryGetValue(label, out List<RecordedTensor>? tensors) ? tensors : [];

    /// <summary>
    /// The version of a tensor after so many events: that which an event touched last of all. Between an edit and the first use of the new
    /// values it is still the one before.
    /// </summary>
    public RecordedTensor VersionAt(RecordedTensor tensor, int events)
    {
        while (laterVersions.TryGetValue(tensor, out (RecordedTensor Tensor, int Event) later) && later.Event <= events)
            tensor = later.Tensor;
        return tensor;
    }

    /// <summary>True where the tensor's values were edited later on, so that its name alone may mean another version.</summary>
    public bool HasLaterVersion(RecordedTensor tensor) => laterVersions.ContainsKey(tensor);

    /// <summary>
    /// An address that means this tensor and no other: its label where that is unique, with <c>@1</c> for the first of several
    /// versions; else <c>#12</c> or <c>leaf3</c>.
    /// </summary>
    public string Reference(RecordedTensor tensor) =>
        Labelled(tensor.Label) is [_] ? tensor.Label + (tensor.Name.Length > 0 && tensor.Version == 1 && HasLaterVersion(tensor) ? FirstVersion : string.Empty)
        : tensor.Producer is { } producer ? FormattableString.Invariant($"#{producer.Number}")
        : FormattableString.Invariant($"leaf{tensor.Id}");

    /// <summary>Number of the event in which an operation computed its output.</summary>
    public int ForwardEventOf(RecordedOperation operation) => forwardEvents[operation.Number];

    /// <summary>An operation's backward events, one for each pass that went through it.</summary>
    public IReadOnlyList<TimelineEvent> BackwardEventsOf(RecordedOperation operation) => backwardEvents[operation.Number] ?? [];

    /// <summary>The operations that read a tensor.</summary>
    public IReadOnlyList<RecordedOperation> ReadersOf(RecordedTensor tensor) =>
        readers.TryGetValue(tensor, out List<RecordedOperation>? operations) ? operations : [];

    /// <summary>True where the tensor has its values after so many events: a leaf always.</summary>
    public bool IsComputed(RecordedTensor tensor, int events) => tensor.Producer is null || ForwardEventOf(tensor.Producer) <= events;

    private void AddVersions(TimelineEvent entry)
    {
        IEnumerable<RecordedTensor> touched = entry.Kind switch
        {
            TimelineEventKind.Forward => entry.Operation!.Inputs,
            TimelineEventKind.Backward => entry.Contributions.Select(contribution => contribution.Input),
            _ => [entry.Tensor],
        };
        foreach (RecordedTensor tensor in touched)
        {
            if (tensor.EarlierVersion is { } earlier)
                laterVersions.TryAdd(earlier, (tensor, entry.Number));
        }
    }

    private static List<TItem> ListIn<TKey, TItem>(Dictionary<TKey, List<TItem>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out List<TItem>? list))
            lists[key] = list = [];
        return list;
    }
}
