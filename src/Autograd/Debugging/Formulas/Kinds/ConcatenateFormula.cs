namespace Transformer.Autograd.Debugging;

/// <summary>Tensors one behind the other along an axis.</summary>
internal sealed class ConcatenateFormula : OperationFormula
{
    public override string Forward => "y[o, offsetₚ + j, i] = xₚ[o, j, i]";

    public override string Backward(RecordedOperation operation, int input, Place at) => "∂L/∂xₚ[o, j, i] += ∂L/∂y[o, offsetₚ + j, i]";

    public override string Name(RecordedOperation operation, int input) => $"x{Subscript(input)}";

    public override bool Fits(RecordedOperation operation) => operation.Attributes is ConcatenateAttributes;

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        int axis = Axis(numbers);
        int index = at[axis].Value;
        int part = 0;
        for (; index >= numbers.ShapeOf(part)[axis]; part++)
            index -= numbers.ShapeOf(part)[axis];
        return new(numbers.Input(part, Name(numbers.Operation, part))[Moved(at, axis, index)], Offset(numbers, part));
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        int axis = Axis(numbers);
        int offset = Enumerable.Range(0, input).Sum(part => numbers.ShapeOf(part)[axis]);
        return new(numbers.Dy[Moved(at, axis, at[axis].Value + offset)], Offset(numbers, input));
    }

    private static int Axis(OperationNumbers numbers) => numbers.Attributes<ConcatenateAttributes>().Axis;

    private string Offset(OperationNumbers numbers, int input)
    {
        int axis = Axis(numbers);
        int offset = Enumerable.Range(0, input).Sum(part => numbers.ShapeOf(part)[axis]);
        return FormattableString.Invariant($"{Name(numbers.Operation, input)} begins at {offset} of axis {axis}");
    }

    private static Place Moved(Place at, int axis, int index)
    {
        Coordinate[] moved = at.Coordinates.ToArray();
        moved[axis] = index;
        return new(moved);
    }

    private static string Subscript(int number) =>
        string.Concat(FormattableString.Invariant($"{number}").Select(digit => (char)('₀' + (digit - '0'))));
}
