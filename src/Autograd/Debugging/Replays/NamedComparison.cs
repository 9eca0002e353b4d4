namespace Transformer.Autograd.Debugging;

/// <summary>
/// Compares two recordings that did different things by what both have under one name: outputs of modules and their gradients,
/// the loss, values and gradients of named leaves. Only what the first recording did from an event on is compared.
/// </summary>
internal sealed class NamedComparison(Recording first, Recording second, double tolerance, int fromEvent)
{
    private readonly List<RecordingDifference> differences = [];

    public List<RecordingDifference> Run()
    {
        Dictionary<RecordedTensor, int> forward = first.Timeline
            .Where(entry => entry.Kind == TimelineEventKind.Forward).ToDictionary(entry => entry.Tensor, entry => entry.Number);
        Dictionary<(string, int), RecordedTensor> others = ModuleOutputs(second);
        foreach (((string module, int run), RecordedTensor output) in ModuleOutputs(first))
        {
            if (!others.TryGetValue((module, run), out RecordedTensor? other) || !EndAlike(output.Producer!, other.Producer!))
                continue;
            Compare(forward[output], $"output of {module}", output.Values, other.Values);
            CompareGradients($"gradient of the output of {module}", output, other);
        }

        if (first.Loss is { Producer: not null } loss && second.Loss is { } otherLoss)
            Compare(forward[loss], "loss", loss.Values, otherLoss.Values);
        CompareLeaves();
        return differences;
    }

    private void CompareLeaves()
    {
        Dictionary<string, RecordedTensor> others = Named(second).ToDictionary(tensor => tensor.Label);
        foreach (RecordedTensor leaf in Named(first))
        {
            if (!others.TryGetValue(leaf.Label, out RecordedTensor? other))
                continue;
            int read = first.Timeline.FirstOrDefault(entry => entry.Operation?.Inputs.Contains(leaf) == true)?.Number ?? 0;
            Compare(read, leaf.Label, leaf.Values, other.Values);
            CompareGradients($"gradient of {leaf.Label}", leaf, other);
        }
    }

    private void CompareGradients(string what, RecordedTensor a, RecordedTensor b)
    {
        IReadOnlyList<TimelineEvent> events = first.GradientEventsOf(a);
        int last = events.Count == 0 ? first.Timeline.Count : events[^1].Number;
        if (last >= fromEvent && IsComplete(first, a) && IsComplete(second, b))
            Compare(last, what, first.GradientOf(a), second.GradientOf(b));
    }

    private void Compare(int number, string what, RecordedValues? a, RecordedValues? b)
    {
        if (number >= fromEvent && ValueComparison.Of(a, b, tolerance) is { } difference)
            differences.Add(new($"{what} {difference.Text}", number, difference.Largest));
    }

    // Where a contribution was left out there is nothing to compare; the statistics of parts say little of their sum.
    private static bool IsComplete(Recording recording, RecordedTensor tensor) =>
        recording.PartsOf(tensor, int.MaxValue).TrueForAll(part => part.IsComplete);

    // The first of each name, for two tensors of a program may have one.
    private static IEnumerable<RecordedTensor> Named(Recording recording) =>
        recording.Tensors.Where(tensor => tensor.Producer is null && tensor.Name.Length > 0).DistinctBy(tensor => tensor.Label);

    // What the last operation of each run of a module computed, by path and number of the run; inner modules before outer ones.
    private static Dictionary<(string Module, int Run), RecordedTensor> ModuleOutputs(Recording recording)
    {
        Dictionary<(string, int), RecordedTensor> outputs = [];
        Dictionary<string, int> runs = [];
        for (int i = 0; i < recording.Operations.Count; i++)
        {
            string next = i + 1 < recording.Operations.Count ? recording.Operations[i + 1].Module : string.Empty;
            for (string module = recording.Operations[i].Module; module.Length > 0; module = Outer(module))
            {
                if (next == module || next.StartsWith(module + ".", StringComparison.Ordinal))
                    break;
                int run = runs[module] = runs.GetValueOrDefault(module) + 1;
                outputs[(module, run)] = recording.Operations[i].Output;
            }
        }

        return outputs;
    }

    // A fused operation may do more than its module does by itself: an embedding's also adds positions.
    private static bool EndAlike(RecordedOperation a, RecordedOperation b) =>
        (LastStep(a) is null && LastStep(b) is null) || (LastStep(a) ?? a.Kind) == (LastStep(b) ?? b.Kind);

    // The last operation of a fused one's composed form.
    private static string? LastStep(RecordedOperation operation) => operation.Kind switch
    {
        "ResidualLayerNorm" => "LayerNorm",
        "ResidualDropout" => "Add",
        "ActivatedLinear" or "TokenEmbedding" => "Dropout",
        "ProjectedCrossEntropy" => "CrossEntropy",
        _ => null,
    };

    private static string Outer(string module) => module.LastIndexOf('.') is var dot and >= 0 ? module[..dot] : string.Empty;
}
