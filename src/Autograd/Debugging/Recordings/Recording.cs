namespace Transformer.Autograd.Debugging;

/// <summary>
/// What happened in forward and backward passes, in order, with every number: made by a <see cref="Recorder"/>,
/// immutable, independent of the tensors and steps that it was made from.
/// </summary>
public sealed class Recording
{
    private Dictionary<RecordedTensor, List<TimelineEvent>>? gradientEvents;

    internal Recording(
        IReadOnlyList<RecordedTensor> tensors, IReadOnlyList<RecordedOperation> operations, IReadOnlyList<TimelineEvent> timeline,
        IReadOnlyDictionary<string, string> facts, IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<string>>> words)
    {
        Tensors = tensors;
        Operations = operations;
        Timeline = timeline;
        Facts = facts;
        Words = words;
    }

    /// <summary>Every tensor, by <see cref="RecordedTensor.Id"/>.</summary>
    public IReadOnlyList<RecordedTensor> Tensors { get; }

    /// <summary>The operations in order of execution; operation n is at index n − 1.</summary>
    public IReadOnlyList<RecordedOperation> Operations { get; }

    /// <summary>Forward and backward pass as one sequence; event n is at index n − 1.</summary>
    public IReadOnlyList<TimelineEvent> Timeline { get; }

    /// <summary>Short texts about the recording: <c>title</c>, <c>seed</c>, <c>step</c>, <c>vectorBits</c>, …</summary>
    public IReadOnlyDictionary<string, string> Facts { get; }

    /// <summary>The words behind token axes, for each sentence of the batch: <c>source</c>, <c>target</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<string>>> Words { get; }

    /// <summary>The tensor from which the last backward pass began; without one the last operation's output; null in an empty recording.</summary>
    public RecordedTensor? Loss =>
        Timeline.LastOrDefault(entry => entry.Kind == TimelineEventKind.BackwardStart)?.Tensor ?? (Operations.Count == 0 ? null : Operations[^1].Output);

    /// <summary>What was left out for its size and is there as statistics only, by address: <c>#12</c>, <c>#12.weights</c>, <c>#12.in0.grad</c>, …</summary>
    public IReadOnlyList<string> LeftOut => [.. LeftOutOf().Distinct()];

    /// <summary>
    /// The gradient of a tensor after the first <paramref name="events"/> events: what came before the recording and every
    /// contribution since the last reset, added in the engine's order and precision. Null where none has arrived. For a
    /// computed tensor it is that of the pass under way.
    /// </summary>
    /// <exception cref="ValuesLeftOutException">A contribution's values were left out.</exception>
    public RecordedValues? GradientOf(RecordedTensor tensor, int events = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        List<RecordedValues> parts = PartsOf(tensor, events);
        if (parts.Count <= 1)
            return parts.Count == 0 ? null : parts[0];
        Tensor sum = Needed(parts, tensor)[0].ToTensor(tensor.DType);
        foreach (RecordedValues part in parts.Skip(1))
            sum.Accumulate(part.Tensor);
        return new RecordedValues(sum);
    }

    /// <summary>What arrived at a tensor's gradient, in order: starts of passes, contributions, resets.</summary>
    public IReadOnlyList<TimelineEvent> GradientEventsOf(RecordedTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        gradientEvents ??= IndexGradientEvents();
        return gradientEvents.TryGetValue(tensor, out List<TimelineEvent>? events) ? events : [];
    }

    /// <summary>Numbers of operations and events.</summary>
    public override string ToString() => FormattableString.Invariant($"Recording of {Operations.Count} operations, {Timeline.Count} events");

    private IEnumerable<string> LeftOutOf()
    {
        foreach (RecordedTensor tensor in Tensors)
        {
            if (!tensor.Values.IsComplete)
                yield return tensor.Label;
        }

        foreach (RecordedOperation operation in Operations)
        {
            foreach ((string name, RecordedValues values) in operation.Saved)
            {
                if (!values.IsComplete)
                    yield return FormattableString.Invariant($"#{operation.Number}.{name}");
            }
        }

        foreach (TimelineEvent entry in Timeline)
        {
            if (entry.Gradient is { IsComplete: false })
                yield return entry.Tensor.Label + ".grad";
            foreach (Contribution contribution in entry.Contributions)
            {
                if (!contribution.Values.IsComplete)
                    yield return FormattableString.Invariant($"#{entry.Operation!.Number}.in{contribution.InputPosition}.grad");
            }
        }
    }

    /// <summary>What <see cref="GradientOf"/> adds up, in order; with or without what came before the recording.</summary>
    internal List<RecordedValues> PartsOf(RecordedTensor tensor, int events, bool withBefore = true)
    {
        List<RecordedValues> parts = withBefore && tensor.GradientBefore is { } before ? [before] : [];
        int pass = 0;
        foreach (TimelineEvent entry in GradientEventsOf(tensor).TakeWhile(entry => entry.Number <= events))
        {
            if (entry.Kind == TimelineEventKind.GradientReset || (tensor.Producer is not null && entry.Pass != pass))
                parts.Clear();
            pass = entry.Pass;
            if (entry.Kind == TimelineEventKind.BackwardStart)
                parts.Add(entry.Gradient!);
            foreach (Contribution contribution in entry.Contributions)
            {
                if (contribution.IsTo(tensor))
                    parts.Add(contribution.Values);
            }
        }

        return parts;
    }

    /// <summary>The contributions to a tensor's gradient, where none was left out.</summary>
    /// <exception cref="ValuesLeftOutException">One was.</exception>
    internal static List<RecordedValues> Needed(List<RecordedValues> parts, RecordedTensor tensor) =>
        parts.TrueForAll(part => part.IsComplete)
            ? parts
            : throw new ValuesLeftOutException(tensor.Shape, $"a contribution to the gradient of {tensor.Label},");

    private Dictionary<RecordedTensor, List<TimelineEvent>> IndexGradientEvents()
    {
        Dictionary<RecordedTensor, List<TimelineEvent>> index = [];
        foreach (TimelineEvent entry in Timeline)
        {
            IEnumerable<RecordedTensor> touched = entry.Kind switch
            {
                TimelineEventKind.Backward => entry.Contributions.Select(contribution => contribution.Input),
                TimelineEventKind.Forward => [],
                _ => [entry.Tensor],
            };
            foreach (RecordedTensor tensor in touched.SelectMany(tensor => new[] { tensor, tensor.GradientHolder }).Distinct())
            {
                if (!index.TryGetValue(tensor, out List<TimelineEvent>? events))
                    index[tensor] = events = [];
                events.Add(entry);
            }
        }

        return index;
    }
}
