namespace Transformer.Autograd.Debugging;

/// <summary>Rows of a table, alone or as an embedding has them: scaled, with a position's row, and dropout.</summary>
internal static class EmbeddingTerms
{
    /// <summary>The rows of the table that are looked up.</summary>
    public static Indices Rows(RecordedOperation operation) => operation.Attributes is TokenEmbeddingAttributes embedding
        ? embedding.Tokens
        : ((GatherAttributes)operation.Attributes!).Rows;

    /// <summary>The row of the table that gets no gradient, or −1.</summary>
    public static int PaddingRow(RecordedOperation operation) => operation.Attributes is TokenEmbeddingAttributes embedding
        ? embedding.PaddingRow
        : ((GatherAttributes)operation.Attributes!).PaddingRow;

    // ∂L/∂table[r, c] += scale Σ dropout(∂L/∂y)[i, c] over all i with rowᵢ = r; of the positions' rows without the scale
    public static IEnumerable<Term> Backward(TimelineEvent entry, Contribution contribution, int position)
    {
        RecordedOperation operation = entry.Operation!;
        bool isTable = contribution.InputPosition == 0;
        (int row, int column) = Math.DivRem(position, contribution.Values.Shape[1]);
        double scale = !isTable ? 1 : row == PaddingRow(operation) ? 0 : Scale(operation);
        Indices rows = Rows(operation);
        Indices used = isTable ? rows : ((TokenEmbeddingAttributes)operation.Attributes!).Positions;
        for (int i = 0; i < rows.Values.Length; i++)
        {
            if (used.Values[i % used.Values.Length] != row)
                continue;
            int place = (i * contribution.Values.Shape[1]) + column;
            double factor = scale * ResidualTerms.Kept(operation, place);
            yield return new Term(place, factor, factor == 0 ? 0 : factor * entry.Gradient!.ValueAt(place));
        }
    }

    public static IEnumerable<Source> Forward(RecordedOperation operation, int position)
    {
        (int use, int column) = Math.DivRem(position, operation.Inputs[0].Shape[1]);
        double kept = ResidualTerms.Kept(operation, position);
        yield return Part(0, Rows(operation).Values[use], kept * Scale(operation));
        if (kept != 0 && operation.Attributes is TokenEmbeddingAttributes { Positions: { } numbers })
            yield return Part(1, numbers.Values[use % numbers.Values.Length], kept);

        Source Part(int input, int row, double factor)
        {
            RecordedValues table = operation.Inputs[input].Values;
            int place = (row * table.Shape[1]) + column;
            return new Source(input, place, factor == 0 ? 0 : factor * table.ValueAt(place));
        }
    }

    private static double Scale(RecordedOperation operation) => operation.Attributes is TokenEmbeddingAttributes embedding ? embedding.Scale : 1;
}
