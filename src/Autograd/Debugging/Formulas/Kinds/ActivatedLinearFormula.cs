using Transformer.Kernels;

namespace Transformer.Autograd.Debugging;

/// <summary>Y = dropout(f(Z)), Z = X Wᵀ + b: r stands for a row, i for an input, o for an output, m for the dropout's mask.</summary>
internal sealed class ActivatedLinearFormula : OperationFormula
{
    private const string OfSum = "∂L/∂Z = f′(Z) ⊙ dropout(∂L/∂Y)";

    private static readonly string[] Names = ["x", "w", "b"];

    private static readonly string[] Derivatives =
        [$"∂L/∂x += ∂L/∂Z W,  {OfSum}", $"∂L/∂W += ∂L/∂Zᵀ X,  {OfSum}", $"∂L/∂b += Σᵣ ∂L/∂Z[r, :],  {OfSum}"];

    public override string Forward => "z[r, o] = bₒ + Σᵢ x[r, i] w[o, i]        Y = dropout(f(Z))";

    public override string Backward(RecordedOperation operation, int input, Place at) => Derivatives[input];

    public override string Name(RecordedOperation operation, int input) => Names[input];

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 2 or 3, Attributes: ActivatedLinearAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        ActivationFunction function = numbers.Attributes<ActivatedLinearAttributes>().Function;
        Expression z = SumAt(numbers, at);
        Expression active = Expression.Call(Activations.Name(function), Expression.Named($"z{at}", z.Value), value => Activations.Of(function, value));
        return Masking.Of(numbers, at, active) with { Where = [($"z{at}", z)] };
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        if (input == 0)
        {
            Symbol w = numbers.Input(1, "w");
            Expression[] all = [.. Enumerable.Range(0, w.Shape[0]).Select(o => SlopeAt(numbers, at.WithLast(o)))];
            Expression sum = Sum.Over("o", w.Shape[0], o => Named(at.WithLast(o), all[o.Value].Value) * w[o, at[-1]]);
            return Explained(numbers, sum, string.Empty, all, place => at.WithLast(place));
        }

        Symbol x = numbers.Input(0, "x");
        (string Letter, int Count)[] letters = Letters.OfRows(numbers.OutputShape);
        Shape rows = [.. numbers.OutputShape.SkipLast(1)];
        Expression[] slopes = [.. Enumerable.Range(0, rows.ElementCount).Select(row => SlopeAt(numbers, Place.At(rows, row).Then(at[0])))];
        Expression total = Sum.Over(letters, row =>
        {
            Place place = new(row);
            Expression dz = Named(place.Then(at[0]), slopes[place.Offset(rows)].Value);
            return input == 1 ? dz * x[place.Then(at[1])] : dz;
        });
        string remark = letters.Length == 0 ? string.Empty : Repeats.Remark($"{Names[input]}{at}", letters);
        return Explained(numbers, total, remark, slopes, row => Place.At(rows, row).Then(at[0]));
    }

    // The sum, and how the largest of the dz in it came about.
    private static Derivation Explained(OperationNumbers numbers, Expression sum, string remark, Expression[] slopes, Func<int, Place> place)
    {
        int largest = Elements.Largest([.. slopes.Select(slope => slope.Value)]);
        if (largest < 0)
            return new(sum, remark);
        Place at = place(largest);
        return new(sum, remark) { Where = [($"dz{at}", slopes[largest]), ($"z{at}", SumAt(numbers, at))] };
    }

    private static Expression Named(Place at, double value) => Expression.Named($"dz{at}", value);

    // dz = f′(z) dy m / (1 − p)
    private static Expression SlopeAt(OperationNumbers numbers, Place at)
    {
        ActivationFunction function = numbers.Attributes<ActivatedLinearAttributes>().Function;
        Expression z = Expression.Named($"z{at}", SumAt(numbers, at).Value);
        Expression slope = Expression.Call($"{Activations.Name(function)}′", z, value => Activations.Slope(function, value));
        Derivation dropped = Masking.Of(numbers, at, numbers.Dy[at]);
        // What does not pass is 0 also where the incoming gradient is not finite.
        return dropped.Expression.Value == 0 || slope.Value == 0 ? Expression.Chosen($"{slope.Write(Form.Symbols).Content}·{dropped.Expression.Write(Form.Symbols).Content}", 0) : slope * dropped.Expression;
    }

    private static Expression SumAt(OperationNumbers numbers, Place at)
    {
        (Symbol x, Symbol w) = (numbers.Input(0, "x"), numbers.Input(1, "w"));
        Expression product = Sum.Over("i", w.Shape[1], i => x[at.WithLast(i)] * w[at[-1], i]);
        return numbers.Operation.Inputs.Count == 3 ? numbers.Input(2, "b")[at[-1]] + product : product;
    }
}
