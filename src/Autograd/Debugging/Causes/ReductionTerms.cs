namespace Transformer.Autograd.Debugging;

/// <summary>Reductions over neighbouring axes: x is seen as [outer, reduced, inner], y as [outer, inner].</summary>
internal static class ReductionTerms
{
    public static IEnumerable<Term> Backward(TimelineEvent entry, Contribution contribution, int position)
    {
        (int reduced, int inner) = Sizes(entry.Operation!);
        int outer = position / (reduced * inner);
        return [new Term((outer * inner) + (position % inner), 1, contribution.Values.ValueAt(position))];
    }

    public static IEnumerable<Source> Forward(RecordedOperation operation, int position)
    {
        (int reduced, int inner) = Sizes(operation);
        int start = (position / inner * reduced * inner) + (position % inner);
        RecordedValues x = operation.Inputs[0].Values;
        double y = operation.Output.Values.ValueAt(position);
        IEnumerable<(int Place, double Value)> elements =
            Enumerable.Range(0, reduced).Select(r => start + (r * inner)).Select(place => (place, x.ValueAt(place)));
        switch (operation.Kind)
        {
            case "Mean":
                return elements.Select(e => new Source(0, e.Place, e.Value / reduced));
            case "Max":
                return elements.Where(e => e.Value.Equals(y)).Select(e => new Source(0, e.Place, e.Value));
            case "Variance":
                double mean = operation.Saved["mean"].ValueAt(position);
                int divisor = ((VarianceAttributes)operation.Attributes!).Divisor(reduced);
                return elements.Select(e => new Source(0, e.Place, (e.Value - mean) * (e.Value - mean) / divisor));
            default:
                return elements.Select(e => new Source(0, e.Place, e.Value));
        }
    }

    /// <summary>Elements along the reduced axes, and behind them.</summary>
    public static (int Reduced, int Inner) Sizes(RecordedOperation operation)
    {
        ReductionAttributes axes = operation.Attributes is VarianceAttributes variance
            ? variance.Reduction
            : (ReductionAttributes)operation.Attributes!;
        Shape x = operation.Inputs[0].Shape;
        return (x.CountBetween(axes.FirstAxis, axes.EndAxis), x.CountBetween(axes.EndAxis, x.Rank));
    }
}
