namespace Transformer.Autograd.Debugging;

/// <summary>y = x + dropout(u), where u is what a sublayer made and m the dropout's mask.</summary>
internal sealed class ResidualDropoutFormula : OperationFormula
{
    private static readonly string[] Names = ["x", "u"];

    private static readonly string[] Derivatives = ["∂L/∂xᵢ += ∂L/∂yᵢ", "∂L/∂uᵢ += ∂L/∂yᵢ mᵢ / (1 − p)"];

    public override string Forward => "yᵢ = xᵢ + uᵢ mᵢ / (1 − p)";

    public override string Backward(RecordedOperation operation, int input, Place at) => Derivatives[input];

    public override string Name(RecordedOperation operation, int input) => Names[input];

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 2, Attributes: DropoutAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        Derivation dropped = Masking.Of(numbers, at, numbers.Input(1, "u")[at]);
        return dropped with { Expression = numbers.Input(0, "x")[at] + dropped.Expression };
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at) =>
        input == 0 ? numbers.Dy[at] : Masking.Of(numbers, at, numbers.Dy[at]);
}
