namespace Transformer.Autograd.Debugging;

/// <summary>y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε) over the last axis.</summary>
internal sealed class LayerNormFormula : OperationFormula
{
    private static readonly string[] Names = ["x", "γ", "β"];

    private static readonly string[] Derivatives =
    [
        "∂L/∂x += (g − mean(g) − x̂ mean(g ⊙ x̂)) / √(σ² + ε),  g = γ ⊙ ∂L/∂y",
        "∂L/∂γ += Σ over rows of ∂L/∂y ⊙ x̂",
        "∂L/∂β += Σ over rows of ∂L/∂y",
    ];

    public override string Forward => "y = γ x̂ + β,  x̂ = (x − μ) / √(σ² + ε),  μ = Σⱼ xⱼ / n,  σ² = Σⱼ (xⱼ − μ)² / n";

    public override string Backward(RecordedOperation operation, int input, Place at) => Derivatives[input];

    public override string Name(RecordedOperation operation, int input) => Names[input];

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 3, Attributes: LayerNormAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at) => Of(numbers).OfOutput(at);

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at) =>
        input == 0 ? Of(numbers).OfX(at) : Of(numbers).OfParameter(at, Names[input], isWeight: input == 1);

    private static NormalizedRows Of(OperationNumbers numbers) => new(
        numbers, numbers.Input(0, "x"), numbers.Input(1, "γ"), numbers.Input(2, "β"), numbers.Attributes<LayerNormAttributes>().Epsilon, "x̂");
}
