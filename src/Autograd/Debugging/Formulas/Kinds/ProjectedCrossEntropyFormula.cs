namespace Transformer.Autograd.Debugging;

/// <summary>
/// The projection z = x Wᵀ + b and its mean cross-entropy in one: p is the softmax of the logits z, q the smoothed target, n the
/// rows that count. Of the logits only those that a line needs are worked out.
/// </summary>
internal sealed class ProjectedCrossEntropyFormula : OperationFormula
{
    private const string OfLogits = "g[r, j] = ∂L/∂y (p[r, j] − q[r, j]) / n; 0 for ignored rows";

    private static readonly string[] Names = ["x", "w", "b"];

    private static readonly string[] Derivatives =
    [
        $"∂L/∂x[r, i] += Σⱼ g[r, j] w[j, i],  {OfLogits}",
        $"∂L/∂w[j, i] += Σᵣ g[r, j] x[r, i],  {OfLogits}",
        $"∂L/∂bⱼ += Σᵣ g[r, j],  {OfLogits}",
    ];

    public override string Forward => "z[r, j] = bⱼ + Σᵢ x[r, i] w[j, i]        L = Σᵣ −Σⱼ q[r, j] ln p[r, j] / n,  p = softmax z";

    public override string Backward(RecordedOperation operation, int input, Place at) => Derivatives[input];

    public override string Name(RecordedOperation operation, int input) => Names[input];

    public override bool Fits(RecordedOperation operation) =>
        operation is { Inputs.Count: 2 or 3, Attributes: CrossEntropyAttributes } && operation.Saved.ContainsKey("logSumExp");

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        ProjectedRows rows = new(numbers);
        Expression[] losses = [.. rows.Counted.Select(row => Expression.Named($"loss{rows.PlaceOf(row)}", rows.LossOf(row).Value))];
        Expression sum = losses.Length == 1 ? losses[0] : Sum.Of("Σ loss[r] over rows r that count", losses);
        int worst = rows.Counted[Array.IndexOf(losses, losses.MaxBy(loss => double.IsNaN(loss.Value) ? double.PositiveInfinity : loss.Value))];
        int target = rows.TargetOf(worst);
        return new(sum / CrossEntropyFormula.N(numbers), CrossEntropyFormula.Counted(rows.Count, losses.Length))
        {
            Where = [($"loss{rows.PlaceOf(worst)}", rows.LossOf(worst)), ($"z{rows.PlaceOf(worst).Then(target)}", rows.LogitOf(worst, target))],
        };
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        ProjectedRows rows = new(numbers);
        if (input == 0)
            return OfX(numbers, rows, at);
        int j = at[0].Value;
        Expression[] terms = [.. rows.Counted.Select(row => input == 1 ? rows.GradientNamed(row, j) * rows.X(row, at[1]) : rows.GradientNamed(row, j))];
        string symbols = input == 1
            ? FormattableString.Invariant($"Σ g[r,{j}]·x[r,{at[1]}] over rows r that count")
            : FormattableString.Invariant($"Σ g[r,{j}] over rows r that count");
        int largest = rows.Counted[LargestOf(terms)];
        return new(
            terms.Length == 1 ? terms[0] : Sum.Of(symbols, terms), CrossEntropyFormula.Counted(rows.Count, terms.Length))
        {
            Where = rows.DefinitionOfGradient(numbers, largest, j),
        };
    }

    private static Derivation OfX(OperationNumbers numbers, ProjectedRows rows, Place at)
    {
        Place place = at.WithoutLast();
        int row = place.Offset(rows.Shape);
        int target = rows.TargetOf(row);
        if (rows.IsIgnored(row))
            return new(0, FormattableString.Invariant($"the target of row {place} is {target}, which is ignored"));
        Expression sum = Sum.Over("j", rows.Classes, j => rows.GradientNamed(row, j) * rows.W(j, at[-1]));
        return new(sum, FormattableString.Invariant($"the target of this row is {target}"))
        {
            Where = rows.DefinitionOfGradient(numbers, row, target),
        };
    }

    private static int LargestOf(Expression[] terms) => Elements.Largest([.. terms.Select(term => term.Value)]);
}
