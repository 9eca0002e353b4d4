namespace Transformer.Autograd.Debugging;

/// <summary>Why an operation passes nothing at all to an element: named for each kind that can.</summary>
internal static class ZeroCauses
{
    /// <summary>The reason for a contribution of exactly 0; null where the kind gives none.</summary>
    public static Cause? Find(RecordedOperation operation, int input, int position, IReadOnlyList<Term> terms)
    {
        RecordedTensor x = operation.Inputs[input];
        string element = WhyText.Element(x, position);
        return OperationTerms.KindOf(operation) switch
        {
            "Relu" when x.Values.ValueAt(position) <= 0 => DeadRelu(operation, position),
            "Dropout" when operation.Saved["mask"].ValueAt(position) == 0 => Dropped(operation, element),
            "ResidualDropout" or "ResidualLayerNorm" when input == 1 && ResidualTerms.Kept(operation, position) == 0 => Dropped(operation, element),
            "ActivatedLinear" => ActivatedCauses.Find(operation, terms),
            "Gather" or "TokenEmbedding" => Row(operation, input, position, terms),
            "CrossEntropy" => Ignored(operation, position),
            "ProjectedCrossEntropy" when input == 0 => Ignored(operation, position),
            "Where" => MaskedFill(operation, input, element, terms),
            "Softmax" or "LogSoftmax" when double.IsNegativeInfinity(x.Values.ValueAt(position)) => MaskCauses.Score(operation, position),
            "ScaledDotProductAttention" => MaskCauses.Attention(operation, input, position),
            "Slice" when terms.Count == 0 => new Cause("unused", $"{element} lies outside what {operation} takes", operation),
            "Max" when !x.Values.ValueAt(position).Equals(operation.Output.Values.ValueAt(terms[0].Position)) => new Cause(
                "not the largest",
                $"{WhyText.Valued(x, position)} is below the largest, {WhyText.Number(operation.Output.Values.ValueAt(terms[0].Position))}, "
                + "which alone gets the gradient",
                operation),
            _ => null,
        };
    }

    /// <summary>A ReLU whose input is 0 or less at this place, and for how many rows of the batch it is.</summary>
    public static Cause DeadRelu(RecordedOperation operation, int position)
    {
        RecordedValues x = operation.Inputs[0].Values;
        (int dead, int all) = CountColumn(x.Shape, position, place => x.ValueAt(place) <= 0);
        string unit = UnitText(dead, all);
        return new Cause(
            "dead ReLU", $"the input {WhyText.Valued(operation.Inputs[0], position)} is not above 0, where the derivative is 0{unit}", operation);
    }

    /// <summary>At how many positions of the batch a unit is dead.</summary>
    public static string UnitText(int dead, int all) =>
        all == 1 ? string.Empty
        : dead == all ? $"; the unit is dead for all {all} positions"
        : $"; the unit is so at {dead} of {all} positions";

    /// <summary>An element that dropout set to 0.</summary>
    public static Cause Dropped(RecordedOperation operation, string element) => new(
        "dropout dropped it", $"dropout with rate {WhyText.Number(DropoutAttributes.In(operation.Attributes)!.Rate)} drew 0 for {element}", operation);

    // Padding, a row that nothing looked up, or one that dropout dropped wherever it was.
    private static Cause? Row(RecordedOperation operation, int input, int position, IReadOnlyList<Term> terms)
    {
        RecordedTensor table = operation.Inputs[input];
        int row = position / table.Shape[1];
        if (terms.Count == 0)
        {
            int lookedUp = operation.Output.Shape.ElementCount / table.Shape[1];
            return new Cause("unused", $"row {row} of {table.Label} is none of the {lookedUp} rows that {operation} looked up", operation);
        }

        if (input == 0 && row == EmbeddingTerms.PaddingRow(operation))
            return new Cause("padding row", $"row {row} of {table.Label} is the padding row: its {terms.Count} uses contribute no gradient", operation);
        return terms.All(term => ResidualTerms.Kept(operation, term.Position) == 0) ? Dropped(operation, WhyText.Element(table, position)) : null;
    }

    private static Cause? Ignored(RecordedOperation operation, int position)
    {
        CrossEntropyAttributes attributes = (CrossEntropyAttributes)operation.Attributes!;
        int row = position / operation.Inputs[0].Shape[-1];
        if (attributes.IgnoredTarget is not { } ignored || attributes.Targets.Values[row] != ignored)
            return null;
        return new Cause(
            "ignored target",
            $"the target at {WhyText.Index(attributes.Targets.Shape, row)} is {ignored}, which is ignored (padding), "
            + $"as are {attributes.Targets.Values.Count(ignored)} of {attributes.Targets.Values.Length} targets",
            operation);
    }

    private static Cause? MaskedFill(RecordedOperation operation, int input, string element, IReadOnlyList<Term> terms)
    {
        if (terms.Any(term => PairTerms.IsChosen(operation, input, term.Position)))
            return null;
        double instead = PairTerms.Value(operation, 1 - input, terms[0].Position);
        if (!double.IsNegativeInfinity(instead))
            return new Cause("not chosen", $"{operation} took {WhyText.Number(instead)} instead of {element}", operation);
        (int masked, int all) = CountColumn(
            operation.Output.Shape, terms[0].Position, place => !PairTerms.IsChosen(operation, input, place));
        return new Cause("masked key", $"the mask replaced the score {element} by -∞, as it did {masked} of {all} scores of this key", operation);
    }

    // How many of the elements with the same last index.
    internal static (int Count, int All) CountColumn(Shape shape, int position, Func<int, bool> holds)
    {
        int width = shape.Rank == 0 ? 1 : shape[-1];
        int all = shape.ElementCount / width;
        return (Enumerable.Range(0, all).Count(row => holds((row * width) + (position % width))), all);
    }
}
