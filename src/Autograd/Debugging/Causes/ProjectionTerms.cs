namespace Transformer.Autograd.Debugging;

/// <summary>A projection to classes and its cross-entropy in one: the logits are worked out from the inputs.</summary>
internal static class ProjectionTerms
{
    // L = Σᵣ (ln Σₖ exp z[r, k] − (1 − ε) z[r, target] − ε mean z[r, :]) / n over rows that count, z = x Wᵀ + b.
    // A row's part leads to that element of x which does most for the target's logit.
    public static IEnumerable<Source> Forward(RecordedOperation operation, int position)
    {
        CrossEntropyAttributes attributes = (CrossEntropyAttributes)operation.Attributes!;
        RecordedValues x = operation.Inputs[0].Values;
        RecordedValues weight = operation.Inputs[1].Values;
        RecordedValues? bias = operation.Inputs.Count > 2 ? operation.Inputs[2].Values : null;
        (int classes, int size) = (weight.Shape[0], weight.Shape[1]);
        double Product(int row, int j, int i) => x.ValueAt((row * size) + i) * weight.ValueAt((j * size) + i);
        double Logit(int row, int j) => Enumerable.Range(0, size).Sum(i => Product(row, j, i)) + (bias?.ValueAt(j) ?? 0);
        for (int row = 0; row < attributes.Targets.Values.Length; row++)
        {
            int target = attributes.Targets.Values[row];
            if (target == attributes.IgnoredTarget || size == 0)
                continue;
            double mean = attributes.LabelSmoothing == 0 ? 0 : Enumerable.Range(0, classes).Average(j => Logit(row, j));
            double expected = ((1 - attributes.LabelSmoothing) * Logit(row, target)) + (attributes.LabelSmoothing * mean);
            int leading = Elements.Largest([.. Enumerable.Range(0, size).Select(i => Product(row, target, i))]);
            yield return new Source(
                0, (row * size) + leading, (operation.Saved["logSumExp"].ValueAt(row) - expected) / attributes.Counted);
        }
    }
}
