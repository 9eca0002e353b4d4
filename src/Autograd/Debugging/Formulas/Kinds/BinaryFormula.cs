namespace Transformer.Autograd.Debugging;

/// <summary>A function of two numbers, element by element, with broadcasting.</summary>
/// <param name="forward">In general.</param>
/// <param name="backwardA">∂L/∂a in general.</param>
/// <param name="backwardB">∂L/∂b in general.</param>
/// <param name="y">From a and b.</param>
/// <param name="da">For one place of the output.</param>
/// <param name="db">For one place of the output.</param>
internal sealed class BinaryFormula(
    string forward, string backwardA, string backwardB, Func<BinaryPoint, Expression> y, Func<BinaryPoint, Expression> da,
    Func<BinaryPoint, Expression> db) : OperationFormula
{
    public override string Forward => forward;

    public override string Backward(RecordedOperation operation, int input, Place at) => input == 0 ? backwardA : backwardB;

    public override string Name(RecordedOperation operation, int input) => input == 0 ? "a" : "b";

    public override bool Fits(RecordedOperation operation) => operation.Inputs.Count == 2 && operation.Attributes is null;

    public override Derivation OfOutput(OperationNumbers numbers, Place at) => y(new(numbers, at));

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at) =>
        Repeats.Sum(numbers, input, at, Name(numbers.Operation, input), place => input == 0 ? da(new(numbers, place)) : db(new(numbers, place)));
}

/// <summary>One place of the output, and the elements that meet there.</summary>
internal readonly record struct BinaryPoint(OperationNumbers Numbers, Place At)
{
    public Expression A => Numbers.Input(0, "a")[At.In(Numbers.ShapeOf(0))];

    public Expression B => Numbers.Input(1, "b")[At.In(Numbers.ShapeOf(1))];

    public Expression Y => Numbers.Y[At];

    public Expression Dy => Numbers.Dy[At];
}

/// <summary>Element-wise arithmetic.</summary>
internal static class BinaryFormulas
{
    public static BinaryFormula Add { get; } = new(
        "yᵢ = aᵢ + bᵢ", "∂L/∂aᵢ += ∂L/∂yᵢ", "∂L/∂bᵢ += ∂L/∂yᵢ",
        p => p.A + p.B, p => p.Dy, p => p.Dy);

    public static BinaryFormula Subtract { get; } = new(
        "yᵢ = aᵢ − bᵢ", "∂L/∂aᵢ += ∂L/∂yᵢ", "∂L/∂bᵢ += −∂L/∂yᵢ",
        p => p.A - p.B, p => p.Dy, p => -p.Dy);

    public static BinaryFormula Multiply { get; } = new(
        "yᵢ = aᵢ bᵢ", "∂L/∂aᵢ += ∂L/∂yᵢ bᵢ", "∂L/∂bᵢ += ∂L/∂yᵢ aᵢ",
        p => p.A * p.B, p => p.Dy * p.B, p => p.Dy * p.A);

    public static BinaryFormula Divide { get; } = new(
        "yᵢ = aᵢ / bᵢ", "∂L/∂aᵢ += ∂L/∂yᵢ / bᵢ", "∂L/∂bᵢ += −∂L/∂yᵢ yᵢ / bᵢ",
        p => p.A / p.B, p => p.Dy / p.B, p => -p.Dy * p.Y / p.B);
}
