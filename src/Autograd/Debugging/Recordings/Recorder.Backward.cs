namespace Transformer.Autograd.Debugging;

/// <content>The backward pass.</content>
public sealed partial class Recorder
{
    private readonly Dictionary<int, int> passNumbers = [];

    // What has arrived at each tensor's gradient since its last reset: how many contributions, in which pass, and the last of them.
    private readonly Dictionary<RecordedTensor, (int Pass, int Count, RecordedValues? Last)> arrived = [];
    private RecordedValues? incoming;

    /// <summary>Runs before the walk adds the seed to what was there <paramref name="before"/>.</summary>
    internal void BackwardStarts(Tensor loss, Tensor seed, Tensor? before, int pass)
    {
        int number = passNumbers.Count + 1;
        passNumbers[pass] = number;
        RecordedTensor tensor = Find(loss);
        RecordedValues gradient = copies.Of(seed);
        if (before is not null)
            ArrivedEarlier(tensor, before);
        Arrive(tensor, number, gradient);
        timeline.Add(new TimelineEvent(timeline.Count + 1, TimelineEventKind.BackwardStart)
        {
            Tensor = tensor,
            Pass = number,
            Gradient = gradient,
        });
    }

    internal void BeforeBackward(Operation operation, int pass)
    {
        CheckRecorded(operation);
        // One contribution is the whole gradient; several were added up by the walk.
        incoming = arrived.TryGetValue(recorded[operation].Output, out (int Pass, int Count, RecordedValues? Last) entry)
            && entry.Pass == passNumbers[pass] && entry.Count == 1
                ? entry.Last
                : copies.Of(operation.Output.GradientTensor);
    }

    /// <summary>Runs before the walk adds the pending contributions.</summary>
    internal void AfterBackward(Operation operation, int pass, List<Tensor> begun, List<(Tensor Input, Tensor Contribution)> pending)
    {
        RecordedOperation entry = recorded[operation];
        List<Contribution> contributions = [];
        foreach (Tensor input in begun)
            contributions.Add(ContributionOf(operation, entry, input, input.GradientTensor, contributions));
        foreach ((Tensor input, Tensor contribution) in pending)
        {
            Contribution next = ContributionOf(operation, entry, input, contribution, contributions);
            if (!contributions.Exists(c => c.Input == next.Input))
                ArrivedEarlier(next.Input, input.GradientTensor);
            contributions.Add(next);
        }

        foreach (Contribution contribution in contributions)
            Arrive(contribution.Input, passNumbers[pass], contribution.Values);
        timeline.Add(new TimelineEvent(timeline.Count + 1, TimelineEventKind.Backward)
        {
            Operation = entry,
            Tensor = entry.Output,
            Pass = passNumbers[pass],
            Gradient = incoming,
            Contributions = contributions,
        });
    }

    internal void GradientReset(Tensor tensor)
    {
        if (!known.TryGetValue(tensor, out (int Version, RecordedTensor Recorded) entry))
            return;
        arrived[entry.Recorded.GradientHolder] = default;
        timeline.Add(new TimelineEvent(timeline.Count + 1, TimelineEventKind.GradientReset) { Tensor = entry.Recorded });
    }

    private Contribution ContributionOf(
        Operation operation, RecordedOperation entry, Tensor input, Tensor values, List<Contribution> before)
    {
        // A repeated input gets its contributions in the order of its places; one too many goes to the last of them.
        int position = -1;
        for (int i = 0; i < operation.Inputs.Count; i++)
        {
            if (!ReferenceEquals(operation.Inputs[i], input))
                continue;
            position = i;
            if (!before.Exists(c => c.InputPosition == i))
                break;
        }

        return new Contribution(entry.Inputs[position], position, copies.Of(values));
    }

    // A leaf may bring a gradient from before the recording.
    private void ArrivedEarlier(RecordedTensor tensor, Tensor gradient)
    {
        if (tensor.GradientHolder.Producer is null && !arrived.ContainsKey(tensor))
            tensor.GradientBefore = copies.Of(gradient);
    }

    private void Arrive(RecordedTensor tensor, int pass, RecordedValues values)
    {
        tensor = tensor.GradientHolder;
        int count = arrived.TryGetValue(tensor, out (int Pass, int Count, RecordedValues? Last) entry) && entry.Pass == pass ? entry.Count : 0;
        arrived[tensor] = (pass, count + 1, values);
    }

    /// <exception cref="InvalidOperationException">The operation ran before the recorder was there.</exception>
    internal void CheckRecorded(Operation? operation)
    {
        if (operation is not null && !recorded.ContainsKey(operation))
        {
            throw new InvalidOperationException(
                $"Recorder: {operation} was computed before the recording began; open the recorder before the forward pass.");
        }
    }
}
