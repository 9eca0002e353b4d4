namespace Transformer.Autograd.Debugging.Sessions;

/// <summary>
/// Gradients at any point of the timeline. The last sum of contributions that was asked for is kept, so that a walk along the
/// timeline adds each contribution once and computes the statistics of each sum once.
/// </summary>
internal sealed class GradientsAt(Recording recording)
{
    private readonly Dictionary<RecordedTensor, (int Event, RecordedValues? Values)> last = [];

    /// <summary>∂L/∂tensor after so many events; null where none has arrived.</summary>
    /// <exception cref="ValuesLeftOutException">The values of one of several contributions were left out.</exception>
    public RecordedValues? Of(RecordedTensor tensor, int events)
    {
        TimelineEvent? change = LastChange(tensor, events);
        int changed = change?.Number ?? 0;
        if (last.TryGetValue(tensor, out (int Event, RecordedValues? Values) entry) && entry.Event == changed)
            return entry.Values;
        bool follows = change is { Kind: TimelineEventKind.Backward }
            && entry.Values is { IsComplete: true }
            && entry.Event == (LastChange(tensor, changed - 1)?.Number ?? 0)
            && IsAddition(tensor, change);
        RecordedValues? values = follows ? Sum(entry.Values!, tensor, change!) : recording.GradientOf(tensor, events);
        last[tensor] = (changed, values);
        return values;
    }

    /// <summary>The same, or null where it cannot be told because values were left out.</summary>
    public RecordedValues? OfKept(RecordedTensor tensor, int events)
    {
        try
        {
            return Of(tensor, events);
        }
        catch (ValuesLeftOutException)
        {
            return null;
        }
    }

    /// <summary>True where a backward event adds to a gradient that there was already, false where it begins one.</summary>
    public bool IsAddition(RecordedTensor tensor, TimelineEvent entry) => LastChange(tensor, entry.Number - 1) is { } before
        ? before.Kind != TimelineEventKind.GradientReset && (tensor.Producer is null || before.Pass == entry.Pass)
        : tensor.GradientBefore is not null;

    // One event further than what is known; the same additions in the same order as from the first.
    private static RecordedValues Sum(RecordedValues before, RecordedTensor tensor, TimelineEvent entry)
    {
        Tensor sum = before.ToTensor(tensor.DType);
        foreach (Contribution contribution in entry.Contributions)
        {
            if (contribution.IsTo(tensor))
                sum.Accumulate(contribution.Values.Tensor);
        }

        return new RecordedValues(sum);
    }

    // The last event up to here that changed the gradient.
    private TimelineEvent? LastChange(RecordedTensor tensor, int events)
    {
        IReadOnlyList<TimelineEvent> changes = recording.GradientEventsOf(tensor);
        int low = 0;
        int high = changes.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (changes[middle].Number <= events)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? null : changes[low - 1];
    }
}
