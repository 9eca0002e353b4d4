namespace Transformer.Autograd.Debugging;

/// <summary>Operations on rows of the last axis.</summary>
internal static class RowTerms
{
    // softmax: ∂yⱼ/∂xᵢ = yⱼ ([i = j] − yᵢ)        its logarithm: ∂yⱼ/∂xᵢ = [i = j] − exp(yᵢ)
    public static IEnumerable<Term> SoftmaxBackward(TimelineEvent entry, Contribution contribution, int position)
    {
        RecordedValues y = entry.Operation!.Output.Values;
        bool isLog = entry.Operation.Kind == "LogSoftmax";
        int width = y.Shape[-1];
        int start = position / width * width;
        double own = isLog ? Math.Exp(y.ValueAt(position)) : y.ValueAt(position);
        for (int j = start; j < start + width; j++)
        {
            double factor = ((j == position ? 1 : 0) - own) * (isLog ? 1 : y.ValueAt(j));
            yield return new Term(j, factor, factor * entry.Gradient!.ValueAt(j));
        }
    }

    // What each score holds of the row's sum of exponentials: a small y is small because of the score that holds most.
    public static IEnumerable<Source> SoftmaxForward(RecordedOperation operation, int position)
    {
        RecordedValues y = operation.Output.Values;
        bool isLog = operation.Kind == "LogSoftmax";
        int width = y.Shape[-1];
        return Enumerable.Range(position / width * width, width)
            .Select(j => new Source(0, j, isLog ? Math.Exp(y.ValueAt(j)) : y.ValueAt(j)));
    }

    // ∂yⱼ/∂xᵢ = γⱼ ([i = j] − 1/n − x̂ᵢ x̂ⱼ / n) / √(σ² + ε)        ∂yⱼ/∂γⱼ = x̂ⱼ        ∂yⱼ/∂βⱼ = 1
    public static IEnumerable<Term> LayerNormBackward(TimelineEvent entry, Contribution contribution, int position) =>
        LayerNormBackward(entry, entry.Operation!.Inputs[0].Values, entry.Operation.Inputs[1].Values, contribution.InputPosition, position);

    /// <summary>The same for what an operation normalizes, x, its γ (1) and its β (2).</summary>
    public static IEnumerable<Term> LayerNormBackward(TimelineEvent entry, RecordedValues x, RecordedValues weight, int part, int position)
    {
        RecordedOperation operation = entry.Operation!;
        int width = weight.Count;
        IEnumerable<(int Place, double Factor)> factors;
        if (part == 0)
        {
            double inverse = operation.Saved["inverseDeviation"].ValueAt(position / width);
            double own = Normalized(operation, x, position);
            factors = Enumerable.Range(position / width * width, width).Select(j => (j, weight.ValueAt(j % width) * inverse
                * ((j == position ? 1 : 0) - ((1 + (own * Normalized(operation, x, j))) / width))));
        }
        else
        {
            factors = Enumerable.Range(0, operation.Output.Values.Count / width).Select(row => (row * width) + position)
                .Select(place => (place, part == 1 ? Normalized(operation, x, place) : 1));
        }

        return factors.Select(f => new Term(f.Place, f.Factor, f.Factor * entry.Gradient!.ValueAt(f.Place)));
    }

    // y = γ x̂ + β
    public static IEnumerable<Source> LayerNormForward(RecordedOperation operation, int position)
    {
        int column = position % operation.Output.Shape[-1];
        return
        [
            new Source(0, position, operation.Inputs[1].Values.ValueAt(column) * Normalized(operation, operation.Inputs[0].Values, position)),
            new Source(2, column, operation.Inputs[2].Values.ValueAt(column)),
        ];
    }

    public static IEnumerable<Term> CrossEntropyBackward(TimelineEvent entry, Contribution contribution, int position) =>
        [new Term(0, 1, contribution.Values.ValueAt(position))];

    // L = Σᵣ (ln Σₖ exp x[r, k] − (1 − ε) x[r, target] − ε mean x[r, :]) / n over rows that count
    public static IEnumerable<Source> CrossEntropyForward(RecordedOperation operation, int position)
    {
        CrossEntropyAttributes attributes = (CrossEntropyAttributes)operation.Attributes!;
        RecordedValues x = operation.Inputs[0].Values;
        int width = x.Shape[-1];
        int[] counted = [.. Enumerable.Range(0, attributes.Targets.Values.Length).Where(r => attributes.Targets.Values[r] != attributes.IgnoredTarget)];
        foreach (int row in counted)
        {
            int target = (row * width) + attributes.Targets.Values[row];
            // Without smoothing the other logits must not matter, for they may be −∞.
            double mean = attributes.LabelSmoothing == 0 ? 0 : Enumerable.Range(row * width, width).Average(x.ValueAt);
            double expected = ((1 - attributes.LabelSmoothing) * x.ValueAt(target)) + (attributes.LabelSmoothing * mean);
            yield return new Source(0, target, (operation.Saved["logSumExp"].ValueAt(row) - expected) / counted.Length);
        }
    }

    private static double Normalized(RecordedOperation operation, RecordedValues x, int position)
    {
        int row = position / operation.Output.Shape[-1];
        return (x.ValueAt(position) - operation.Saved["mean"].ValueAt(row))
            * operation.Saved["inverseDeviation"].ValueAt(row);
    }
}
