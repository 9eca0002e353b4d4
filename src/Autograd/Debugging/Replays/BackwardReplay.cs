namespace Transformer.Autograd.Debugging;

/// <summary>
/// A recording's backward passes, run again over a <see cref="ForwardReplay"/> in the order of the recorded timeline. Over an
/// edited one, only operations are run whose numbers or incoming gradient changed.
/// </summary>
internal sealed class BackwardReplay : ContributionSink
{
    private readonly ForwardReplay forward;
    private readonly BackwardReplay? unedited;
    private readonly Tensor?[] gradients;
    private readonly Tensor[][] contributions;

    // What has arrived at computed tensors in each pass, and whether it differs from the unedited replay.
    private readonly Dictionary<(RecordedTensor Tensor, int Pass), List<(Tensor Values, bool Changed)>> arrived = [];
    private readonly List<(Tensor Input, Tensor Values)> written = [];

    /// <summary>Runs all passes; call inside an <see cref="Isolation"/>.</summary>
    public BackwardReplay(ForwardReplay forward, BackwardReplay? unedited = null)
    {
        this.forward = forward;
        this.unedited = unedited;
        IReadOnlyList<TimelineEvent> timeline = forward.Recording.Timeline;
        gradients = new Tensor?[timeline.Count];
        contributions = new Tensor[timeline.Count][];
        foreach (TimelineEvent entry in timeline)
        {
            contributions[entry.Number - 1] = [];
            if (entry.Kind == TimelineEventKind.BackwardStart)
                Start(entry);
            else if (entry.Kind == TimelineEventKind.Backward)
                Run(entry);
        }

        arrived.Clear();
    }

    /// <summary>∂L/∂output as it came in; null in a forward pass.</summary>
    public Tensor? GradientOf(TimelineEvent entry) => gradients[entry.Number - 1];

    /// <summary>What was added to the inputs' gradients, in the recorded order.</summary>
    public Tensor[] ContributionsOf(TimelineEvent entry) => contributions[entry.Number - 1];

    public override Tensor ContributionTo(Operation operation, Tensor input)
    {
        CheckWanted(operation, input);
        Tensor contribution = Tensor.Zeros(input.Shape, input.DType);
        Poison.Fill(contribution);
        written.Add((input, contribution));
        return contribution;
    }

    private void Start(TimelineEvent entry)
    {
        RecordedValues seed = entry.Gradient!;
        if (!seed.IsComplete)
            throw new ValuesLeftOutException(seed.Shape, FormattableString.Invariant($"the gradient that pass {entry.Pass} began with,"));
        Tensor gradient = unedited?.GradientOf(entry) ?? seed.ToTensor(forward.DTypeOf(entry.Tensor));
        gradients[entry.Number - 1] = gradient;
        Arrive(entry.Tensor, entry.Pass, gradient, changed: false);
    }

    private void Run(TimelineEvent entry)
    {
        RecordedOperation operation = entry.Operation!;
        if (!arrived.Remove((operation.Output, entry.Pass), out List<(Tensor Values, bool Changed)>? arrivals))
            throw new InvalidOperationException($"Replay: event {entry}: no gradient reaches the operation; the recording does not fit together.");
        bool changed = unedited is null || forward.WasRunAgain(operation) || arrivals.Exists(arrival => arrival.Changed);
        if (changed)
        {
            gradients[entry.Number - 1] = Sum(arrivals);
            contributions[entry.Number - 1] = RunAlone(entry, gradients[entry.Number - 1]!);
        }
        else
        {
            gradients[entry.Number - 1] = unedited!.GradientOf(entry);
            contributions[entry.Number - 1] = unedited.ContributionsOf(entry);
        }

        for (int i = 0; i < entry.Contributions.Count; i++)
            Arrive(entry.Contributions[i].Input, entry.Pass, contributions[entry.Number - 1][i], changed);
    }

    // A repeated input got its contributions in the order in which the operation wrote them.
    private Tensor[] RunAlone(TimelineEvent entry, Tensor gradient)
    {
        written.Clear();
        ThreadContext context = ThreadContext.Current;
        ContributionSink? outer = context.Sink;
        context.Sink = this;
        try
        {
            forward.OperationOf(entry.Operation!).RunBackward(gradient);
        }
        finally
        {
            context.Sink = outer;
        }

        return [.. entry.Contributions.Select(contribution => Take(entry, forward.ValuesOf(contribution.Input)))];
    }

    private Tensor Take(TimelineEvent entry, Tensor input)
    {
        int index = written.FindIndex(contribution => ReferenceEquals(contribution.Input, input));
        if (index < 0)
            throw new InvalidOperationException($"Replay: event {entry}: a contribution to an input {input.Shape} was recorded, but not made again.");
        Tensor values = written[index].Values;
        written.RemoveAt(index);
        return values;
    }

    // An edited version of a computed tensor is that tensor with a constant added: its gradient is the tensor's.
    private void Arrive(RecordedTensor tensor, int pass, Tensor values, bool changed)
    {
        RecordedTensor first = tensor.GradientHolder;
        if (first.Producer is null)
            return;
        if (!arrived.TryGetValue((first, pass), out List<(Tensor Values, bool Changed)>? arrivals))
            arrived[(first, pass)] = arrivals = [];
        arrivals.Add((values, changed));
    }

    // In the engine's order and precision; one contribution is the whole gradient.
    private static Tensor Sum(List<(Tensor Values, bool Changed)> arrivals)
    {
        if (arrivals.Count == 1)
            return arrivals[0].Values;
        Tensor sum = arrivals[0].Values.Keep();
        foreach ((Tensor values, _) in arrivals.Skip(1))
            sum.Accumulate(values);
        return sum;
    }
}
