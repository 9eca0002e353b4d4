namespace Transformer.Autograd.Debugging;

/// <summary>One element of y from the same element of x.</summary>
internal sealed class ElementwiseFormula(
    string forward, string backward, Func<ElementwisePoint, Derivation> ofOutput, Func<ElementwisePoint, Derivation> ofInput,
    Type? attributes = null) : OperationFormula
{
    public override string Forward => forward;

    public override string Backward(RecordedOperation operation, int input, Place at) => backward;

    public override bool Fits(RecordedOperation operation) => operation.Inputs.Count == 1 && operation.Attributes?.GetType() == attributes;

    public override Derivation OfOutput(OperationNumbers numbers, Place at) => ofOutput(new(numbers, at));

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at) => ofInput(new(numbers, at));
}

/// <summary>The element's numbers, each read only where the formula asks for it.</summary>
internal readonly record struct ElementwisePoint(OperationNumbers Numbers, Place At)
{
    public Expression X => Numbers.Input(0, "x")[At];

    public Expression Y => Numbers.Y[At];

    public Expression Dy => Numbers.Dy[At];
}
