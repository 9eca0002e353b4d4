namespace Transformer.Autograd.Debugging;

/// <summary>y = γ ŝ + β with s = x + dropout(u) and ŝ = (s − μ) / √(σ² + ε) over the last axis; u is what a sublayer made.</summary>
internal sealed class ResidualLayerNormFormula : OperationFormula
{
    private const string OfSum = "∂L/∂s = (g − mean(g) − ŝ mean(g ⊙ ŝ)) / √(σ² + ε),  g = γ ⊙ ∂L/∂y";

    private static readonly string[] Names = ["x", "u", "γ", "β"];

    private static readonly string[] Derivatives =
    [
        $"∂L/∂x += ∂L/∂s,  {OfSum}",
        $"∂L/∂u += dropout(∂L/∂s),  {OfSum}",
        "∂L/∂γ += Σ over rows of ∂L/∂y ⊙ ŝ",
        "∂L/∂β += Σ over rows of ∂L/∂y",
    ];

    public override string Forward =>
        "s = x + dropout(u)        y = γ ŝ + β,  ŝ = (s − μ) / √(σ² + ε),  μ = Σⱼ sⱼ / n,  σ² = Σⱼ (sⱼ − μ)² / n";

    public override string Backward(RecordedOperation operation, int input, Place at) => Derivatives[input];

    public override string Name(RecordedOperation operation, int input) => Names[input];

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 4, Attributes: ResidualLayerNormAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        Derivation y = Of(numbers).OfOutput(at);
        Derivation dropped = Masking.Of(numbers, at, numbers.Input(1, "u")[at]);
        return y with { Where = [.. y.Where, ($"s{at}", numbers.Input(0, "x")[at] + dropped.Expression)], Remark = dropped.Remark };
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        NormalizedRows rows = Of(numbers);
        if (input >= 2)
            return rows.OfParameter(at, Names[input], isWeight: input == 2);
        Derivation ds = rows.OfX(at);
        return input == 0 ? ds : Masking.Of(numbers, at, ds.Expression) with { Where = ds.Where };
    }

    private static NormalizedRows Of(OperationNumbers numbers)
    {
        (Symbol x, Symbol u) = (numbers.Input(0, "x"), numbers.Input(1, "u"));
        Symbol sum = new("s", x.Shape, i => Masking.Factor(numbers, i) is not 0 and double kept ? x.ValueAt(i) + (kept * u.ValueAt(i)) : x.ValueAt(i));
        return new(numbers, sum, numbers.Input(2, "γ"), numbers.Input(3, "β"), numbers.Attributes<ResidualLayerNormAttributes>().Epsilon, "ŝ");
    }
}
