namespace Transformer.Autograd.Debugging;

/// <summary>What within one operation's backward pass made one element's contribution 0 or tiny.</summary>
internal sealed class LocalCauses
{
    private readonly TimelineEvent entry;
    private readonly Contribution contribution;
    private readonly int position;
    private readonly IReadOnlyList<Term> terms;
    private readonly Term? followed;
    private readonly double amount;

    public LocalCauses(TimelineEvent entry, Contribution contribution, int position, IReadOnlyList<Term> terms, Term? followed)
    {
        this.entry = entry;
        this.contribution = contribution;
        this.position = position;
        this.terms = terms;
        this.followed = followed;
        amount = contribution.Values.ValueAt(position);
    }

    /// <summary>True where nothing of the incoming gradient passes this operation, so that the way ends here.</summary>
    public bool Ends { get; private set; }

    private RecordedOperation Operation => entry.Operation!;

    public IEnumerable<Cause> Find()
    {
        List<Cause> causes = [];
        if (amount == 0 && ZeroCauses.Find(Operation, contribution.InputPosition, position, terms) is { } zero)
            causes.Add(zero);
        if (Saturation.Find(Operation, contribution.InputPosition, position, followed?.Position ?? 0) is { } saturated && causes.Count == 0)
            causes.Add(saturated);
        Ends = amount == 0 && causes.Count > 0;
        if (amount == 0 && causes.Count == 0 && ZeroFactor() is { } factor)
        {
            Ends = true;
            if (DeadInput() is { } dead)
                causes.Add(dead);
            causes.Add(factor);
        }

        if (OperationTerms.Knows(Operation) && double.IsFinite(amount))
        {
            double[] parts = [.. terms.Select(term => term.Amount)];
            if (Cancellation.Find($"{WhyText.Gradient(contribution.Input, position)} within {Operation}", parts, Operation) is { } cancelled)
                causes.Add(cancelled);
            if (Disagreement(parts) is { } wrong)
                causes.Add(wrong);
        }

        return causes;
    }

    // A weight gets nothing from a unit whose output is 0 because its ReLU is dead.
    private Cause? DeadInput()
    {
        if (OperationTerms.KindOf(Operation) != "Linear" || contribution.InputPosition != 1)
            return null;
        (int outputs, int inputs) = (Operation.Inputs[1].Shape[0], Operation.Inputs[1].Shape[1]);
        int row = terms.First(term => entry.Gradient!.ValueAt(term.Position) != 0).Position / outputs;
        int place = (row * inputs) + (position % inputs);
        RecordedOperation? producer = Operation.Inputs[0].Producer;
        while (producer is { Kind: "Dropout" })
            producer = producer.Inputs[0].Producer;
        if (producer is not null && OperationTerms.KindOf(producer) == "ActivatedLinear")
            return ActivatedCauses.Of(producer, place);
        return producer is { Kind: "Relu" } relu && relu.Inputs[0].Values.ValueAt(place) <= 0 ? ZeroCauses.DeadRelu(relu, place) : null;
    }

    // Something came in, and every factor is 0.
    private Cause? ZeroFactor()
    {
        Term[] arriving = [.. terms.Where(term => entry.Gradient!.ValueAt(term.Position) != 0)];
        if (arriving.Length == 0 || arriving.Any(term => term.Amount != 0))
            return null;
        double largest = arriving.Max(term => Math.Abs(entry.Gradient!.ValueAt(term.Position)));
        return new Cause(
            "zero derivative",
            $"∂y/∂x of {Operation} is 0 at {WhyText.Element(contribution.Input, position)} for each of {arriving.Length} outputs to which it leads, "
            + $"so nothing of the incoming gradient (up to {WhyText.Number(largest)}) passes{ValueOf()}",
            Operation);
    }

    // The library's own derivative, worked out again in double precision, gives something else: a planted or foreign error.
    private Cause? Disagreement(double[] parts)
    {
        double sum = parts.Sum();
        double scale = parts.Sum(Math.Abs);
        double smallest = contribution.Values.DType == DType.Float32 ? 1e-37 : 1e-300;
        if (!double.IsFinite(scale) || Math.Abs(sum - amount) <= (1e-2 * scale) + smallest)
            return null;
        return new Cause(
            "derivative disagrees",
            $"{Operation} contributed {WhyText.Number(amount)} to {WhyText.Gradient(contribution.Input, position)}, "
            + $"but its {parts.Length} terms ∂y/∂x · ∂L/∂y add up to {WhyText.Number(sum)}",
            Operation);
    }

    private string ValueOf() =>
        contribution.Input.Values.IsComplete ? $"; {WhyText.Valued(contribution.Input, position)}" : string.Empty;
}
