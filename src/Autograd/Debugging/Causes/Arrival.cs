namespace Transformer.Autograd.Debugging;

/// <summary>One of the summands of a tensor's gradient.</summary>
/// <param name="Event">When it arrived; null where it was there before, from an earlier pass or before the recording.</param>
/// <param name="Contribution">What an operation added; null at the start of a pass.</param>
/// <param name="Values">The numbers.</param>
internal sealed record Arrival(TimelineEvent? Event, Contribution? Contribution, RecordedValues Values)
{
    /// <summary>The summands of <see cref="Recording.GradientOf"/>, in its order.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="tensor">Whose gradient.</param>
    /// <param name="events">After how many events.</param>
    /// <param name="pass">Only those of this pass; 0 for all that count.</param>
    public static List<Arrival> Of(Recording recording, RecordedTensor tensor, int events, int pass = 0)
    {
        List<Arrival> arrivals = tensor.GradientBefore is { } before && pass == 0 ? [new Arrival(null, null, before)] : [];
        int last = 0;
        foreach (TimelineEvent entry in recording.GradientEventsOf(tensor).TakeWhile(entry => entry.Number <= events))
        {
            if (pass != 0 && entry.Pass != pass)
                continue;
            if (entry.Kind == TimelineEventKind.GradientReset || (tensor.Producer is not null && entry.Pass > last))
                arrivals.Clear();
            last = entry.Pass;
            if (entry.Kind == TimelineEventKind.BackwardStart)
                arrivals.Add(new Arrival(entry, null, entry.Gradient!));
            arrivals.AddRange(entry.Contributions.Where(c => c.Input == tensor).Select(c => new Arrival(entry, c, c.Values)));
        }

        return arrivals;
    }

    /// <summary>The terms within the operation; the whole gradient as one term where no operation stands behind it.</summary>
    public IReadOnlyList<Term> Terms(int position) =>
        Contribution is null ? [new Term(position, 1, Values.ValueAt(position))] : OperationTerms.Backward(Event!, Contribution, position);

    /// <summary>What contributed, for people.</summary>
    public string Origin =>
        Event is null ? "that was there before"
        : Event.Operation is { } operation ? $"{operation}{WhyText.Line(operation)}, input {Contribution!.InputPosition}, event {Event.Number}"
        : $"the start of backward pass {Event.Pass}, event {Event.Number}";
}
