namespace Transformer.Autograd.Debugging;

/// <summary>
/// Attention of all heads. Letters with four coordinates, such as q[batch,head,position,channel], are a head's part of
/// the inputs; w and ds are [batch,head,target,source].
/// </summary>
internal sealed class AttentionFormula : OperationFormula
{
    private const string Scores = "∂L/∂S = W ⊙ (∂L/∂W − Σ over sources of W ⊙ ∂L/∂W)";

    // Of query, key and value.
    private static readonly string[] Derivatives =
    [
        $"∂L/∂Q += ∂L/∂S K / √headSize,  {Scores}",
        $"∂L/∂K += ∂L/∂Sᵀ Q / √headSize,  {Scores}",
        "∂L/∂V += dropout(W)ᵀ ∂L/∂Y",
    ];

    private static readonly string[][] Names = [["qkv"], ["query", "kv"], ["query", "key", "value"]];

    public override string Forward => "W = softmax(Q Kᵀ / √headSize), masked entries 0        Y = dropout(W) V";

    public override string Backward(RecordedOperation operation, int input, Place at) =>
        Derivatives[AttentionHeads.PartOf(input, at[2].Value, operation.Output.Shape[2]).Part];

    public override string Name(RecordedOperation operation, int input) => Names[operation.Inputs.Count - 1][input];

    public override bool Fits(RecordedOperation operation) =>
        operation is { Inputs.Count: >= 1 and <= 3, Attributes: AttentionAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        AttentionHeads heads = new(numbers);
        (int batch, int target) = (at[0].Value, at[1].Value);
        (int head, int channel) = Math.DivRem(at[2].Value, heads.HeadSize);
        double[] weights = heads.WeightsFromScores(batch, head, target);
        Expression Weight(Coordinate source) => Expression.Named($"w{new Place(batch, head, target, source)}", weights[source.Value]);
        Expression sum = Sum.Over("s", heads.SourceLength, s =>
            heads.Dropped(batch, head, target, s, Weight(s)) * heads.Value(batch, head, s, channel));
        return new(sum, Part(heads, "value", head, channel, heads.MaskText(batch, head, target)))
        {
            Where = AttentionSteps.OfWeight(heads, weights, batch, head, target),
        };
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        AttentionHeads heads = new(numbers);
        (int part, int column) = AttentionHeads.PartOf(input, at[2].Value, numbers.OutputShape[2]);
        (int head, int channel) = Math.DivRem(column, heads.HeadSize);
        (int batch, int position) = (at[0].Value, at[1].Value);
        return part switch
        {
            AttentionHeads.QueryPart => OfQuery(heads, batch, head, position, channel),
            AttentionHeads.KeyPart => OfKey(heads, batch, head, position, channel),
            _ => OfValue(heads, batch, head, position, channel),
        };
    }

    // Σₛ ds[t, s] k[s] / √d
    private static Derivation OfQuery(AttentionHeads heads, int batch, int head, int target, int channel)
    {
        double[] ds = heads.ScoreGradients(batch, head, target);
        Expression sum = Sum.Over("s", heads.SourceLength, s =>
            Expression.Named($"ds{new Place(batch, head, target, s)}", ds[s.Value]) * heads.Key(batch, head, s, channel));
        return new(sum / heads.RootOfHeadSize, Part(heads, "query", head, channel, heads.MaskText(batch, head, target)))
        {
            Where = AttentionSteps.OfScoreGradient(heads, batch, head, target, AttentionSteps.Largest(ds)),
        };
    }

    // Σₜ ds[t, s] q[t] / √d
    private static Derivation OfKey(AttentionHeads heads, int batch, int head, int source, int channel)
    {
        double[] ds = [.. Enumerable.Range(0, heads.TargetLength).Select(t => heads.ScoreGradients(batch, head, t)[source])];
        Expression sum = Sum.Over("t", heads.TargetLength, t =>
            Expression.Named($"ds{new Place(batch, head, t, source)}", ds[t.Value]) * heads.Query(batch, head, t, channel));
        return new(sum / heads.RootOfHeadSize, Part(heads, "key", head, channel, string.Empty))
        {
            Where = AttentionSteps.OfScoreGradient(heads, batch, head, AttentionSteps.Largest(ds), source),
        };
    }

    // Σₜ w[t, s] dy[t]
    private static Derivation OfValue(AttentionHeads heads, int batch, int head, int source, int channel) =>
        new(
            Sum.Over("t", heads.TargetLength, t =>
                heads.Dropped(batch, head, t, source, heads.Weight(batch, head, t, source)) * heads.OutputGradient(batch, head, t, channel)),
            Part(heads, "value", head, channel, string.Empty));

    private static string Part(AttentionHeads heads, string part, int head, int channel, string mask)
    {
        string where = FormattableString.Invariant($"{part} channel {channel} of head {head}");
        if (heads.DropoutRate > 0)
            where += FormattableString.Invariant($", m = 0 where a weight is dropped, else 1/(1 − {heads.DropoutRate})");
        return mask.Length == 0 ? where : $"{where}, {mask}";
    }
}
