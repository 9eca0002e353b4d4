namespace Transformer.Autograd.Debugging;

/// <summary>Which backward passes a tensor's gradient came from.</summary>
/// <param name="Starts">Where they began, with loss and seed.</param>
/// <param name="Events">After how many events the gradient is complete and not reset yet.</param>
internal sealed record GradientSource(IReadOnlyList<TimelineEvent> Starts, int Events)
{
    /// <summary>
    /// For a computed tensor the last pass that reached it; for a leaf every pass since its last reset before that; for a
    /// tensor that none reached the last pass of the recording.
    /// </summary>
    public static GradientSource Of(Recording recording, RecordedTensor tensor)
    {
        List<TimelineEvent> starts = [.. recording.Timeline.Where(entry => entry.Kind == TimelineEventKind.BackwardStart)];
        if (starts.Count == 0)
            throw new InvalidOperationException("FiniteDifference: the recording has no backward pass, so there is no loss to difference.");
        TimelineEvent? last = recording.GradientEventsOf(tensor).LastOrDefault(entry => entry.Kind != TimelineEventKind.GradientReset);
        if (last is null)
            return new GradientSource([starts[^1]], int.MaxValue);
        if (tensor.Producer is not null)
            return new GradientSource([starts.Single(start => start.Pass == last.Pass)], int.MaxValue);
        List<int> resets =
        [
            .. recording.GradientEventsOf(tensor).Where(entry => entry.Kind == TimelineEventKind.GradientReset).Select(entry => entry.Number),
        ];
        int from = resets.LastOrDefault(number => number < last.Number);
        int to = resets.FirstOrDefault(number => number > last.Number, int.MaxValue);
        return new GradientSource([.. starts.Where(start => start.Number > from && start.Number <= last.Number)], to == int.MaxValue ? to : to - 1);
    }
}
