namespace Transformer.Autograd.Debugging;

/// <summary>Compares two recordings event by event as long as both did the same things.</summary>
internal sealed class EventComparison(Recording first, Recording second, double tolerance)
{
    private readonly List<RecordingDifference> differences = [];
    private readonly HashSet<RecordedTensor> seen = [];
    private readonly HashSet<RecordedTensor> begun = [];

    /// <summary>The first recording's event at which the two part (one more than it has, where only the second goes on); or null.</summary>
    public int? PartingEvent { get; private set; }

    public List<RecordingDifference> Run()
    {
        int common = Math.Min(first.Timeline.Count, second.Timeline.Count);
        for (int i = 0; i < common && PartingEvent is null; i++)
        {
            if (IsSame(first.Timeline[i], second.Timeline[i]))
                Compare(first.Timeline[i], second.Timeline[i]);
            else
                Part(i);
        }

        if (PartingEvent is null && first.Timeline.Count != second.Timeline.Count)
            Part(common);
        return differences;
    }

    private void Part(int index)
    {
        PartingEvent = index + 1;
        string Text(Recording recording) => index < recording.Timeline.Count ? Describe(recording.Timeline[index]) : "the end";
        differences.Add(new($"the recordings part: {Text(first)} in the first, {Text(second)} in the second", index + 1, double.NaN));
    }

    private void Compare(TimelineEvent a, TimelineEvent b)
    {
        switch (a.Kind)
        {
            case TimelineEventKind.Forward:
                for (int i = 0; i < a.Operation!.Inputs.Count; i++)
                {
                    RecordedTensor input = a.Operation.Inputs[i];
                    if (input.Producer is null && seen.Add(input))
                        Compare(a, $"input {input.Label}", input.Values, b.Operation!.Inputs[i].Values);
                }

                Compare(a, "output", a.Tensor.Values, b.Tensor.Values);
                break;
            case TimelineEventKind.BackwardStart:
                Compare(a, "gradient", a.Gradient, b.Gradient);
                break;
            case TimelineEventKind.Backward:
                foreach ((Contribution left, Contribution right) in a.Contributions.Zip(b.Contributions))
                {
                    if (begun.Add(left.Input))
                        Compare(a, $"earlier gradient of {left.Input.Label}", left.Input.GradientBefore, right.Input.GradientBefore);
                    Compare(a, $"contribution to the gradient of {left.Input.Label}", left.Values, right.Values);
                }

                break;
        }
    }

    private void Compare(TimelineEvent entry, string what, RecordedValues? a, RecordedValues? b)
    {
        if (ValueComparison.Of(a, b, tolerance) is { } difference)
            differences.Add(new($"{Describe(entry)}: {what} {difference.Text}", entry.Number, difference.Largest));
    }

    private static string Describe(TimelineEvent entry) => entry.Kind switch
    {
        TimelineEventKind.Forward => entry.Operation!.ToString(),
        TimelineEventKind.Backward => $"backward of {entry.Operation}",
        TimelineEventKind.BackwardStart => FormattableString.Invariant($"start of backward pass {entry.Pass} from {entry.Tensor.Label}"),
        _ => $"reset of the gradient of {entry.Tensor.Label}",
    };

    private static bool IsSame(TimelineEvent a, TimelineEvent b) =>
        a.Kind == b.Kind && a.Pass == b.Pass && a.Tensor.Id == b.Tensor.Id && a.Tensor.Shape.Equals(b.Tensor.Shape)
        && a.Operation?.Kind == b.Operation?.Kind && a.Operation?.Module == b.Operation?.Module
        && Ids(a.Operation?.Inputs ?? []).SequenceEqual(Ids(b.Operation?.Inputs ?? []))
        && a.Contributions.Select(contribution => contribution.InputPosition)
            .SequenceEqual(b.Contributions.Select(contribution => contribution.InputPosition));

    private static IEnumerable<int> Ids(IEnumerable<RecordedTensor> tensors) => tensors.Select(tensor => tensor.Id);
}
