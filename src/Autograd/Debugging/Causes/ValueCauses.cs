namespace Transformer.Autograd.Debugging;

/// <summary>What within one operation's forward pass decided a value.</summary>
internal static class ValueCauses
{
    public static IEnumerable<(CauseRank Rank, Cause Cause)> Find(RecordedOperation operation, int position, IReadOnlyList<Source> sources)
    {
        RecordedTensor x = operation.Inputs[0];
        switch (OperationTerms.KindOf(operation))
        {
            case "Relu" when x.Values.ValueAt(position) <= 0:
                yield return (CauseRank.Decisive, ZeroCauses.DeadRelu(operation, position));
                break;
            case "ActivatedLinear" when ActivatedCauses.Of(operation, position) is { } flat:
                yield return (CauseRank.Decisive, flat);
                break;
            case "TokenEmbedding" when ResidualTerms.Kept(operation, position) == 0:
                yield return (CauseRank.Decisive, ZeroCauses.Dropped(operation, WhyText.Element(operation.Output, position)));
                break;
            case "Dropout" when operation.Saved["mask"].ValueAt(position) == 0:
                yield return (CauseRank.Decisive, ZeroCauses.Dropped(operation, WhyText.Element(x, position)));
                break;
            case "Softmax" or "LogSoftmax" when double.IsNegativeInfinity(x.Values.ValueAt(position)):
                yield return (CauseRank.Decisive, MaskCauses.Score(operation, position));
                break;
            case "Where" when sources is [var chosen] && double.IsNegativeInfinity(chosen.Amount) && Masked(operation, position, 1 - chosen.Input) is { } cause:
                yield return (CauseRank.Decisive, cause);
                break;
            case "ScaledDotProductAttention" when AllMasked(operation, position) is { } masked:
                yield return (CauseRank.Decisive, masked);
                break;
            case "ActivatedLinear" or "Softmax" or "Tanh" or "Sigmoid" or "Gelu" or "GeluTanh" when Saturation.Find(operation, 0, position, position) is { } saturated:
                yield return (CauseRank.Strong, saturated);
                break;
        }

        bool isSum = operation.Kind is "Add" or "Subtract" or "Sum" or "Mean" or "Linear" or "MatMul" or "ResidualDropout" or "TokenEmbedding" or "ScaledDotProductAttention";
        if (isSum && Cancellation.Find(WhyText.Element(operation.Output, position), [.. sources.Select(source => source.Amount)], operation) is { } cancelled)
            yield return (CauseRank.Weak, cancelled);
    }

    // −∞ in the place of a score, so that a softmax gives it no weight.
    private static Cause? Masked(RecordedOperation operation, int position, int other)
    {
        double score = PairTerms.Value(operation, other, position);
        return double.IsInfinity(score) ? null : new Cause(
            "masked key", $"the mask put -∞ in the place of the score {WhyText.Number(score)} of {operation.Inputs[other].Label}", operation);
    }

    private static Cause? AllMasked(RecordedOperation operation, int position)
    {
        AttentionReading a = new(operation);
        int channel = position % a.ModelSize;
        int row = position / a.ModelSize;
        (int batch, int target, int head) = (row / a.Targets, row % a.Targets, channel / a.HeadSize);
        return Enumerable.Range(0, a.Sources).Any(s => a.MayAttend(batch, head, target, s)) ? null : new Cause(
            "all keys masked",
            $"all {a.Sources} keys of target {target} (head {head}, sentence {batch}) are masked, so that it attends to nothing and is 0",
            operation);
    }
}
