namespace Transformer.Autograd.Debugging;

/// <summary>Residual connections: x plus the dropout of u, what a sublayer made, with or without a normalization.</summary>
internal static class ResidualTerms
{
    /// <summary>What dropout multiplies an element by: 0, or 1 / (1 − p).</summary>
    public static double Kept(RecordedOperation operation, int position) =>
        operation.Saved.TryGetValue("mask", out RecordedValues? mask) ? mask.ValueAt(position) : 1;

    // ∂yᵢ/∂xᵢ = 1        ∂yᵢ/∂uᵢ = mᵢ / (1 − p)
    public static IEnumerable<Term> DropoutBackward(TimelineEvent entry, Contribution contribution, int position)
    {
        double factor = contribution.InputPosition == 0 ? 1 : Kept(entry.Operation!, position);
        return [new Term(position, factor, factor == 0 ? 0 : factor * entry.Gradient!.ValueAt(position))];
    }

    public static IEnumerable<Source> DropoutForward(RecordedOperation operation, int position)
    {
        yield return new Source(0, position, operation.Inputs[0].Values.ValueAt(position));
        if (Kept(operation, position) is not 0 and double factor)
            yield return new Source(1, position, factor * operation.Inputs[1].Values.ValueAt(position));
    }

    // As of the sum that is normalized, and for u times its mask.
    public static IEnumerable<Term> LayerNormBackward(TimelineEvent entry, Contribution contribution, int position)
    {
        RecordedOperation operation = entry.Operation!;
        int part = Math.Max(contribution.InputPosition - 1, 0);
        IEnumerable<Term> terms = RowTerms.LayerNormBackward(entry, operation.Saved["sum"], operation.Inputs[2].Values, part, position);
        if (contribution.InputPosition != 1)
            return terms;
        double kept = Kept(operation, position);
        return terms.Select(term => new Term(term.Position, kept * term.Factor, kept == 0 ? 0 : kept * term.Amount));
    }

    // y = γ (x + dropout(u) − μ) / √(σ² + ε) + β; of the mean, x and u take half each.
    public static IEnumerable<Source> LayerNormForward(RecordedOperation operation, int position)
    {
        (int row, int column) = Math.DivRem(position, operation.Output.Shape[-1]);
        double scale = operation.Inputs[2].Values.ValueAt(column) * operation.Saved["inverseDeviation"].ValueAt(row);
        double mean = operation.Saved["mean"].ValueAt(row);
        double kept = Kept(operation, position);
        yield return new Source(0, position, scale * (operation.Inputs[0].Values.ValueAt(position) - (kept == 0 ? mean : mean / 2)));
        if (kept != 0)
            yield return new Source(1, position, scale * ((kept * operation.Inputs[1].Values.ValueAt(position)) - (mean / 2)));
        yield return new Source(3, column, operation.Inputs[3].Values.ValueAt(column));
    }
}
