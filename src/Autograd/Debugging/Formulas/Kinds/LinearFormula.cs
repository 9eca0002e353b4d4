namespace Transformer.Autograd.Debugging;

/// <summary>Y = X Wᵀ + b: r stands for a row, i for an input, o for an output.</summary>
internal sealed class LinearFormula : OperationFormula
{
    private static readonly string[] Names = ["x", "w", "b"];

    private static readonly string[] Derivatives = ["∂L/∂x += ∂L/∂Y W", "∂L/∂W += ∂L/∂Yᵀ X", "∂L/∂b += Σᵣ ∂L/∂y[r, :]"];

    public override string Forward => "y[r, o] = bₒ + Σᵢ x[r, i] w[o, i]";

    public override string Backward(RecordedOperation operation, int input, Place at) => Derivatives[input];

    public override string Name(RecordedOperation operation, int input) => Names[input];

    public override bool Fits(RecordedOperation operation) => operation.Inputs.Count is 2 or 3 && operation.Attributes is null;

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        (Symbol x, Symbol w) = (numbers.Input(0, "x"), numbers.Input(1, "w"));
        Expression product = Sum.Over("i", w.Shape[1], i => x[at.WithLast(i)] * w[at[-1], i]);
        return numbers.Operation.Inputs.Count == 3 ? numbers.Input(2, "b")[at[-1]] + product : product;
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        Symbol dy = numbers.Dy;
        switch (input)
        {
            case 0:
                Symbol w = numbers.Input(1, "w");
                return Sum.Over("o", w.Shape[0], o => dy[at.WithLast(o)] * w[o, at[-1]]);
            case 1:
                Symbol x = numbers.Input(0, "x");
                return OverRows(numbers, row => dy[row.Then(at[0])] * x[row.Then(at[1])], $"w{at}");
            default:
                return OverRows(numbers, row => dy[row.Then(at[0])], $"b{at}");
        }
    }

    private static Derivation OverRows(OperationNumbers numbers, Func<Place, Expression> term, string name)
    {
        (string Letter, int Count)[] rows = Letters.OfRows(numbers.OutputShape);
        Expression sum = Sum.Over(rows, row => term(new Place(row)));
        return new(sum, rows.Length == 0 ? string.Empty : Repeats.Remark(name, rows));
    }
}
