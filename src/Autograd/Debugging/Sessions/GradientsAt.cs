namespace Transformer.Autograd.Debugging.Sessions;

/// <summary>
/// Gradients at any point of the timeline. A gradient that several contributions add up to is kept until another moment's
/// is asked for, so that walking along the timeline adds up each once, and its statistics are computed once.
/// </summary>
internal sealed class GradientsAt(Recording recording)
{
    private readonly Dictionary<RecordedTensor, (int Event, RecordedValues? Values)> last = [];

    /// <summary>∂L/∂tensor after so many events; null where none has arrived.</summary>
    public RecordedValues? Of(RecordedTensor tensor, int events)
    {
        int changed = LastChange(tensor, events)?.Number ?? 0;
        if (last.TryGetValue(tensor, out (int Event, RecordedValues? Values) entry) && entry.Event == changed)
            return entry.Values;
        RecordedValues? values = recording.GradientOf(tensor, events);
        last[tensor] = (changed, values);
        return values;
    }

    /// <summary>True where a backward event adds to a gradient that there was already, false where it begins one.</summary>
    public bool IsAddition(RecordedTensor tensor, TimelineEvent entry) => LastChange(tensor, entry.Number - 1) is { } before
        ? before.Kind != TimelineEventKind.GradientReset && (tensor.Producer is null || before.Pass == entry.Pass)
        : tensor.GradientBefore is not null;

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
