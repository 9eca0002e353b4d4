namespace Transformer.Autograd.Debugging;

/// <summary>Which tensors a gradient can reach: why one has none, or lacks a branch.</summary>
internal sealed class GradientPaths
{
    private readonly Recording recording;
    private readonly ILookup<RecordedTensor, RecordedOperation> readers;
    private readonly ILookup<RecordedTensor, RecordedTensor> copies;
    private readonly HashSet<RecordedTensor> losses;

    public GradientPaths(Recording recording)
    {
        this.recording = recording;
        readers = recording.Operations
            .SelectMany(operation => operation.Inputs.Distinct().Select(input => (input, operation)))
            .ToLookup(pair => pair.input, pair => pair.operation);
        copies = recording.Tensors.Where(tensor => tensor.DetachedFrom is not null).ToLookup(tensor => tensor.DetachedFrom!);
        losses = [.. recording.Timeline.Where(entry => entry.Kind == TimelineEventKind.BackwardStart).Select(entry => entry.Tensor)];
    }

    /// <summary>Why no gradient has arrived after so many events.</summary>
    public IEnumerable<Cause> WhyNone(RecordedTensor tensor, int events)
    {
        IReadOnlyList<TimelineEvent> own = recording.GradientEventsOf(tensor);
        TimelineEvent? last = own.LastOrDefault(entry => entry.Number <= events);
        if (last?.Kind == TimelineEventKind.GradientReset)
            return [new Cause("reset", $"event {last.Number} forgot the gradient of {tensor.Label}, and nothing has arrived since", null)];
        TimelineEvent? first = own.FirstOrDefault(entry => entry.Number > events && entry.Kind != TimelineEventKind.GradientReset);
        if (first is not null)
        {
            string what = first.Operation?.ToString() ?? "the backward pass begins";
            return [new Cause("not yet", $"the first contribution arrives with event {first.Number}, after event {events}: {what}", first.Operation)];
        }

        if (losses.Count == 0)
            return [new Cause("no backward pass", $"none of the {recording.Timeline.Count} recorded events begins a backward pass", null)];
        return !tensor.RequiresGradient ? [NotRequired(tensor)] : Unreached(tensor);
    }

    /// <summary>Branches that lead to the loss, but only through a detached copy of something computed from the tensor.</summary>
    public IEnumerable<Cause> DetachedBranches(RecordedTensor tensor) =>
        from reached in Reach([tensor], onTapeOnly: true)
        from copy in copies[reached]
        where Reach([copy], onTapeOnly: false).Overlaps(losses)
        let reader = readers[copy].First()
        select new Cause(
            "detached",
            $"{copy.Label} is a detached copy of {Described(reached)}, read by {reader}{WhyText.Lines(reader)}: no gradient flows back through it",
            reached.Producer);

    private static Cause NotRequired(RecordedTensor tensor)
    {
        if (tensor.DetachedFrom is { } original)
            return new Cause("detached", $"{tensor.Label} is a detached copy of {Described(original)}: no gradient goes beyond", original.Producer);
        if (tensor.Producer is { } producer)
        {
            int wanting = producer.Inputs.Count(input => input.RequiresGradient);
            return wanting > 0
                ? new Cause(
                    "no gradient scope",
                    $"{producer}{WhyText.Lines(producer)} ran under NoGradient, though {wanting} of its {producer.Inputs.Count} inputs require a gradient",
                    producer)
                : new Cause("requires no gradient", $"none of the {producer.Inputs.Count} inputs of {producer} requires a gradient", producer);
        }

        return new Cause("requires no gradient", $"{tensor} is a leaf with RequiresGradient false", null);
    }

    private List<Cause> Unreached(RecordedTensor tensor)
    {
        string loss = losses.First().Label;
        if (!readers[tensor].Any() && !copies[tensor].Any())
            return [new Cause("unused", $"none of the {recording.Operations.Count} recorded operations reads {tensor.Label}", null)];
        List<Cause> causes = [.. DetachedBranches(tensor)];
        HashSet<RecordedTensor> reached = Reach([tensor], onTapeOnly: true);
        foreach (RecordedOperation operation in reached.SelectMany(one => readers[one]).Where(operation => !operation.IsOnTape).Distinct())
        {
            if (Reach([operation.Output], onTapeOnly: false).Overlaps(losses))
            {
                causes.Add(new Cause(
                    "no gradient scope", $"{operation}{WhyText.Lines(operation)} ran under NoGradient: no gradient flows back through it", operation));
            }
        }

        if (causes.Count > 0)
            return causes;
        if (reached.Overlaps(losses))
        {
            string text = $"{reached.Count - 1} tensors computed from {tensor.Label} lead to {loss}, but no operation contributed to its gradient";
            return [new Cause("no contribution", text, null)];
        }

        RecordedOperation? end = reached.Select(one => one.Producer).OfType<RecordedOperation>().MaxBy(operation => operation.Number);
        string last = end?.ToString() ?? tensor.Label;
        return [new Cause("unused", $"nothing that is computed from {tensor.Label} leads to the loss {loss}: the way ends with {last}", end)];
    }

    private HashSet<RecordedTensor> Reach(IEnumerable<RecordedTensor> from, bool onTapeOnly)
    {
        HashSet<RecordedTensor> reached = [.. from];
        Queue<RecordedTensor> open = new(reached);
        while (open.TryDequeue(out RecordedTensor? tensor))
        {
            IEnumerable<RecordedTensor> next = readers[tensor].Where(operation => !onTapeOnly || operation.IsOnTape).Select(operation => operation.Output);
            foreach (RecordedTensor output in onTapeOnly ? next : next.Concat(copies[tensor]))
            {
                if (reached.Add(output))
                    open.Enqueue(output);
            }
        }

        return reached;
    }

    private static string Described(RecordedTensor tensor) =>
        tensor.Producer is { } producer ? $"{producer}{WhyText.Line(producer)}" : tensor.Label;
}
