namespace Transformer.Autograd.Debugging;

/// <summary>Finds the first NaN or infinity of a recording, in order of the timeline, and what it spread to.</summary>
internal sealed class NonFiniteSearch
{
    private readonly Recording recording;
    private readonly Findings found;
    private readonly MaskingInfinities masking = new();

    private NonFiniteSearch(Recording recording, Findings found)
    {
        this.recording = recording;
        this.found = found;
    }

    /// <summary>Adds steps and causes; none where every number is finite.</summary>
    public static void Report(Recording recording, Findings found)
    {
        NonFiniteSearch search = new(recording, found);
        foreach (TimelineEvent entry in recording.Timeline)
        {
            if (search.IsBad(entry))
            {
                search.Describe(entry);
                return;
            }
        }

        foreach (RecordedTensor leaf in recording.Tensors.Where(tensor => tensor.Producer is null && search.masking.IsBad(tensor)))
            found.Add(CauseRank.Weak, LeafCause(leaf, "; no recorded operation took it over", null));
    }

    private bool IsBad(TimelineEvent entry) => entry.Kind switch
    {
        TimelineEventKind.Forward => masking.IsBad(entry.Tensor),
        TimelineEventKind.GradientReset => false,
        _ => IsBad(entry.Gradient) || entry.Contributions.Any(c => IsBad(c.Values)),
    };

    private static bool IsBad(RecordedValues? values) => values is not null && !FiniteScan.IsFinite(values);

    private void Describe(TimelineEvent first)
    {
        RecordedOperation? operation = first.Operation;
        TimelineEvent[] later = [.. recording.Timeline.Skip(first.Number).Where(IsBad)];
        int forward = later.Count(entry => entry.Kind == TimelineEventKind.Forward);
        string spread = $"; it spread to {forward} later operations and {later.Length - forward} steps of backward passes";
        try
        {
            Cause fault = first.Kind == TimelineEventKind.Forward ? Forward(first, spread) : Backward(first, spread);
            found.Add(CauseRank.Decisive, fault);
        }
        catch (ValuesLeftOutException)
        {
            TensorStatistics statistics = BadOf(first).Values.Statistics;
            found.Add(CauseRank.Decisive, new Cause(
                "first non-finite operation",
                $"{WhyText.Event(first)} made {statistics.NaNs} NaN and {statistics.Infinities} infinities of {statistics.Count} numbers{spread}", operation));
            found.LeftOut(operation, first, first.Tensor);
        }

        foreach (TimelineEvent entry in later)
            AddSpread(entry);
    }

    // What is not finite at an event, and whose value or gradient it is.
    private static (RecordedTensor Tensor, RecordedValues Values) BadOf(TimelineEvent entry)
    {
        if (entry.Kind == TimelineEventKind.Forward)
            return (entry.Tensor, entry.Tensor.Values);
        Contribution? contribution = entry.Contributions.FirstOrDefault(c => IsBad(c.Values));
        return contribution is null || (IsBad(entry.Gradient) && !entry.Gradient!.IsComplete)
            ? (entry.Tensor, entry.Gradient!)
            : (contribution.Input, contribution.Values);
    }

    private void AddSpread(TimelineEvent entry)
    {
        (RecordedTensor tensor, RecordedValues values) = BadOf(entry);
        int position = values.IsComplete ? FiniteScan.First(values) : 0;
        double value = values.IsComplete ? values.ValueAt(position) : double.NaN;
        string name = entry.Kind == TimelineEventKind.Forward ? WhyText.Element(tensor, position) : WhyText.Gradient(tensor, position);
        string place = values.IsComplete ? $"{WhyText.Number(value)} at {name}" : "values left out";
        found.Spread.Add(new WhyStep(entry.Number, tensor, position, value, 0, $"{WhyText.Event(entry)}: {place}"));
    }

    private Cause Forward(TimelineEvent first, string spread)
    {
        RecordedOperation operation = first.Operation!;
        int position = masking.FirstBad(operation);
        double value = operation.Output.Values.ValueAt(position);
        IReadOnlyList<Source> sources = OperationTerms.Forward(operation, position);
        string inputs = string.Join(", ", sources
            .OrderByDescending(source => Elements.Magnitude(operation.Inputs[source.Input].Values.ValueAt(source.Position))).Take(4)
            .Select(source => WhyText.Valued(operation.Inputs[source.Input], source.Position)));
        string made = $"{WhyText.Valued(operation.Output, position)} from {inputs}{(sources.Count > 4 ? ", …" : string.Empty)}";
        AddOrigin(first, operation.Output, position, value, made);
        if (operation.Inputs.FirstOrDefault(input => input.Producer is null && masking.IsBad(input)) is { } leaf)
            return LeafCause(leaf, $", which {operation}{WhyText.Lines(operation)} read first{spread}", operation);
        TensorStatistics statistics = operation.Output.Values.Statistics;
        found.Add(CauseRank.Strong, new Cause(
            "first non-finite operation",
            $"{operation}{WhyText.Lines(operation)} made {made}: "
            + $"{statistics.NaNs} NaN and {statistics.Infinities} infinities of {statistics.Count} numbers{spread}",
            operation));
        (string name, string text) = ForwardFaults.Explain(operation, position, sources);
        return new Cause(name, $"{text}, in {operation}{WhyText.Lines(operation)}", operation);
    }

    private Cause Backward(TimelineEvent first, string spread)
    {
        RecordedOperation? operation = first.Operation;
        if (first.Gradient is { } gradient && IsBad(gradient))
        {
            int place = FiniteScan.First(gradient);
            string what = $"{WhyText.Gradient(first.Tensor, place)} is {WhyText.Number(gradient.ValueAt(place))}";
            AddOrigin(first, first.Tensor, place, gradient.ValueAt(place), what);
            return operation is null
                ? new Cause("non-finite seed", $"the backward pass began with a gradient that was not finite: {what}{spread}", null)
                : new Cause("overflow in the sum", $"each contribution was finite, but their sum {what}{spread}", operation);
        }

        Contribution contribution = first.Contributions.First(c => IsBad(c.Values));
        int position = FiniteScan.First(contribution.Values);
        string number = $"{WhyText.Number(contribution.Values.ValueAt(position))} for {WhyText.Gradient(contribution.Input, position)}";
        (string name, string text) = BackwardFaults.Explain(first, contribution, position);
        AddOrigin(first, contribution.Input, position, contribution.Values.ValueAt(position), number);
        found.Add(CauseRank.Strong, new Cause(
            "first non-finite operation",
            $"the backward pass of {operation}{WhyText.Lines(operation!)} made {number} from finite numbers{spread}", operation));
        return new Cause(name, $"{text}, in the backward pass of {operation}{WhyText.Lines(operation!)}", operation);
    }

    private void AddOrigin(TimelineEvent entry, RecordedTensor tensor, int position, double value, string text) =>
        found.Spread.Add(new WhyStep(entry.Number, tensor, position, value, 1, $"{WhyText.Event(entry)}: {text}"));

    private static Cause LeafCause(RecordedTensor leaf, string rest, RecordedOperation? operation)
    {
        TensorStatistics statistics = leaf.Values.Statistics;
        string where = leaf.Values.IsComplete
            ? $"; first {WhyText.Valued(leaf, FiniteScan.First(leaf.Values))}"
            : string.Empty;
        return new Cause(
            "non-finite from the start",
            $"the {(leaf.IsParameter ? "parameter" : "leaf")} {leaf.Label} held {statistics.NaNs} NaN and {statistics.Infinities} infinities "
            + $"of {statistics.Count} numbers before the first operation{where}{rest}",
            operation);
    }
}
