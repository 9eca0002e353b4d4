namespace Transformer.Autograd.Debugging;

/// <summary>Mean cross-entropy with label smoothing: p is the softmax of the logits x, q the smoothed target, n the rows that count.</summary>
internal sealed class CrossEntropyFormula : OperationFormula
{
    public override string Forward => "L = Σᵣ −Σⱼ q[r, j] ln p[r, j] / n";

    public override string Backward(RecordedOperation operation, int input, Place at) => "∂L/∂x[r, j] += ∂L/∂y (p[r, j] − q[r, j]) / n; 0 for ignored rows";

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 1, Attributes: CrossEntropyAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        CrossEntropyAttributes attributes = numbers.Attributes<CrossEntropyAttributes>();
        Shape rows = attributes.Targets.Shape;
        Symbol x = numbers.Input(0, "x");
        int[] counted = [.. Enumerable.Range(0, rows.ElementCount).Where(row => attributes.Targets.Values[row] != attributes.IgnoredTarget)];
        Expression[] losses = [.. counted.Select(row => LossOf(x, attributes, Place.At(rows, row)))];
        Expression sum = losses.Length == 1 ? losses[0] : Sum.Of("Σ loss[r] over rows r that count", losses);
        int worst = counted[Array.IndexOf(losses, losses.MaxBy(loss => double.IsNaN(loss.Value) ? double.PositiveInfinity : loss.Value))];
        return new(sum / N(numbers), Counted(rows.ElementCount, counted.Length))
        {
            Where = DefinitionOfLoss(x, attributes, Place.At(rows, worst)),
        };
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        CrossEntropyAttributes attributes = numbers.Attributes<CrossEntropyAttributes>();
        Symbol x = numbers.Input(0, "x");
        Place row = at.WithoutLast();
        int target = attributes.Targets.Values[row.Offset(attributes.Targets.Shape)];
        if (target == attributes.IgnoredTarget)
            return new(0, FormattableString.Invariant($"the target of row {row} is {target}, which is ignored"));
        Expression logSumExp = Expression.Named($"ln Σₖ exp x{row.Then(new Coordinate(0, "k"))}", Rows.LogSumExp(Rows.Of(x, at)));
        Expression p = Expression.Exp(x[at] - logSumExp);
        Expression q = TargetShare(attributes, x.Shape[-1], at[-1].Value == target);
        return new(
            numbers.Dy[[]] * (Expression.Named($"p{at}", p.Value) - Expression.Named($"q{at}", q.Value)) / N(numbers),
            FormattableString.Invariant($"the target of this row is {target}"))
        {
            Where = [($"p{at}", p), ($"q{at}", q)],
        };
    }

    // q: 1 − ε + ε / classes at the target, ε / classes elsewhere.
    internal static Expression TargetShare(CrossEntropyAttributes attributes, int classes, bool isTarget)
    {
        if (attributes.LabelSmoothing == 0)
            return isTarget ? 1 : 0;
        Expression epsilon = Expression.Named("ε", attributes.LabelSmoothing);
        Expression spread = epsilon / Expression.Named("classes", classes);
        return isTarget ? 1 - epsilon + spread : spread;
    }

    // −Σⱼ q ln p = (1 − ε) (−ln p of the target) + ε (mean of −ln p over all classes)
    private static Expression LossOf(Symbol x, CrossEntropyAttributes attributes, Place row) =>
        Expression.Named($"loss{row}", DefinitionOfLoss(x, attributes, row)[0].Expression.Value);

    private static (string Name, Expression Expression)[] DefinitionOfLoss(Symbol x, CrossEntropyAttributes attributes, Place row)
    {
        int target = attributes.Targets.Values[row.Offset(attributes.Targets.Shape)];
        double[] logits = Rows.Of(x, row.Then(target));
        Expression named = Expression.Named($"ln Σₖ exp x{row.Then(new Coordinate(0, "k"))}", Rows.LogSumExp(logits));
        Expression right = named - x[row.Then(target)];
        if (attributes.LabelSmoothing == 0)
            return [($"loss{row}", right)];
        Expression epsilon = Expression.Named("ε", attributes.LabelSmoothing);
        Expression even = named - Expression.Named($"mean x{row.Then(new Coordinate(0, ":"))}", logits.Sum() / logits.Length);
        return [($"loss{row}", ((1 - epsilon) * right) + (epsilon * even))];
    }

    internal static Expression N(OperationNumbers numbers)
    {
        CrossEntropyAttributes attributes = numbers.Attributes<CrossEntropyAttributes>();
        int count = 0;
        foreach (int target in attributes.Targets.Values)
            count += target == attributes.IgnoredTarget ? 0 : 1;
        return Expression.Named("n", count);
    }

    internal static string Counted(int rows, int counted) =>
        rows == counted ? string.Empty : FormattableString.Invariant($"{rows - counted} of {rows} rows are ignored");
}
