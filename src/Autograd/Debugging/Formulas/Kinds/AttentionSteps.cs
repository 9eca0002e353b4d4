namespace Transformer.Autograd.Debugging;

/// <summary>The quantities on the way through attention, for the source or target that matters most.</summary>
internal static class AttentionSteps
{
    /// <summary>The largest weight: its score, and the softmax.</summary>
    public static (string Name, Expression Expression)[] OfWeight(AttentionHeads heads, double[] weights, int batch, int head, int target)
    {
        if (weights.Length == 0)
            return [];
        int source = Largest(weights);
        if (!heads.IsAllowed(batch, head, target, source))
            return [];
        Place at = new(batch, head, target, source);
        Expression product = Sum.Over("i", heads.HeadSize, i => heads.Query(batch, head, target, i) * heads.Key(batch, head, source, i));
        Expression score = product / heads.RootOfHeadSize;
        double[] scores = heads.Scores(batch, head, target);
        double max = scores.Max();
        Expression sum = Sum.Over("s", scores.Length, s =>
            Expression.Exp(Expression.Named($"s{at.WithLast(s)}", scores[s.Value]) - Expression.Named("max", max)));
        Expression weight = Expression.Exp(Expression.Named($"s{at}", score.Value) - Expression.Named($"max s{at.Row}", max)) / sum;
        return [($"s{at}", score), ($"w{at}", weight)];
    }

    /// <summary>∂L/∂s of one target and source: dw = m (dy · v), ds = w (dw − Σ w dw).</summary>
    public static (string Name, Expression Expression)[] OfScoreGradient(AttentionHeads heads, int batch, int head, int target, int source)
    {
        if (heads.SourceLength == 0 || heads.TargetLength == 0)
            return [];
        Place at = new(batch, head, target, source);
        double[] dw = heads.WeightGradients(batch, head, target);
        Expression Dw(Coordinate s) => Expression.Named($"dw{at.WithLast(s)}", dw[s.Value]);
        Expression product = Sum.Over("i", heads.HeadSize, i => heads.OutputGradient(batch, head, target, i) * heads.Value(batch, head, source, i));
        Expression mean = Sum.Over("u", heads.SourceLength, u => heads.Weight(batch, head, target, u) * Dw(u));
        return
        [
            ($"dw{at}", heads.Dropped(batch, head, target, source, product)),
            ($"ds{at}", heads.Weight(batch, head, target, source) * (Dw(source) - mean)),
        ];
    }

    /// <summary>Where the largest number stands; 0 where there is none.</summary>
    public static int Largest(double[] numbers)
    {
        int largest = 0;
        for (int i = 1; i < numbers.Length; i++)
            largest = double.IsNaN(numbers[i]) || Math.Abs(numbers[i]) > Math.Abs(numbers[largest]) ? i : largest;
        return largest;
    }
}
