namespace Transformer.Autograd.Debugging;

/// <summary>a where a condition holds, else b: masks.</summary>
internal sealed class WhereFormula : OperationFormula
{
    public override string Forward => "yᵢ = aᵢ where cᵢ, else bᵢ";

    public override string Backward(RecordedOperation operation, int input, Place at) =>
        input == 0 ? "∂L/∂aᵢ += ∂L/∂yᵢ where cᵢ, else 0" : "∂L/∂bᵢ += 0 where cᵢ, else ∂L/∂yᵢ";

    public override string Name(RecordedOperation operation, int input) => input == 0 ? "a" : "b";

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 2, Attributes: WhereAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        Place a = at.In(numbers.ShapeOf(0));
        Place b = at.In(numbers.ShapeOf(1));
        Expression chosen = Holds(numbers, at) ? numbers.Input(0, "a")[a] : numbers.Input(1, "b")[b];
        return new(Expression.Chosen($"a{a} where c{at}, else b{b}", chosen), Condition(numbers, at));
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        string name = Name(numbers.Operation, input);
        Derivation sum = Repeats.Sum(numbers, input, at, name, place => Term(numbers, input, place));
        Place[] places = Places(numbers, input, at);
        if (places.Length == 1)
            return sum with { Remark = Condition(numbers, places[0]) };
        int used = places.Count(place => Holds(numbers, place) == (input == 0));
        return sum with { Remark = FormattableString.Invariant($"{name}{at} stood in {places.Length} places and was taken in {used}") };
    }

    private static Expression Term(OperationNumbers numbers, int input, Place at) =>
        Expression.Chosen(
            input == 0 ? $"dy{at} where c{at}, else 0" : $"0 where c{at}, else dy{at}",
            Holds(numbers, at) == (input == 0) ? numbers.Dy[at] : 0);

    private static Place[] Places(OperationNumbers numbers, int input, Place at)
    {
        Shape output = numbers.OutputShape;
        ((string Letter, int Count)[] letters, int[] axes) = Letters.OfRepeats(numbers.ShapeOf(input), output);
        Shape repeated = [.. letters.Select(letter => letter.Count)];
        return
        [
            .. Enumerable.Range(0, repeated.ElementCount)
                .Select(i => Repeats.Spread(at, output, axes, Place.At(repeated, i).Coordinates.ToArray())),
        ];
    }

    private static string Condition(OperationNumbers numbers, Place at) => $"c{at} is {(Holds(numbers, at) ? "true: a" : "false: b")} was taken";

    private static bool Holds(OperationNumbers numbers, Place at)
    {
        Mask condition = numbers.Attributes<WhereAttributes>().Condition;
        return condition.Values[at.In(condition.Shape).Offset(condition.Shape)];
    }
}
