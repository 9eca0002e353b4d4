namespace Transformer.Autograd.Debugging;

/// <summary>y = max x; equal largest elements share the gradient.</summary>
internal sealed class MaxFormula : ReductionFormula
{
    public override string Forward => "y = maxⱼ xⱼ";

    public override string Backward(RecordedOperation operation, int input, Place at) =>
        "∂L/∂xⱼ += ∂L/∂y / (number of elements equal to y) where xⱼ = y, else 0";

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        (string Letter, int Count)[] letters = Letters(numbers);
        Coordinate[] running = [.. letters.Select(letter => new Coordinate(0, letter.Letter))];
        return new Largest($"max{Debugging.Sum.Subscripts(letters)} x{Within(numbers, at, running)}", Elements(numbers, at));
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        Place of = Reduced(numbers, at);
        Expression x = numbers.Input(0, "x")[at];
        Expression y = numbers.Y[of];
        string symbols = $"dy{of}/k where x{at} = y{of}, else 0";
        if (x.Value != y.Value)
            return new(Expression.Chosen(symbols, 0), $"{Text.Of(x.Value).Content} is not the largest, {Text.Of(y.Value).Content}");
        int ties = Elements(numbers, of).Count(element => element.Value == y.Value);
        return new(
            Expression.Chosen(symbols, ties == 1 ? numbers.Dy[of] : numbers.Dy[of] / ties),
            $"{Text.Of(x.Value).Content} is the largest{(ties == 1 ? string.Empty : FormattableString.Invariant($", as are k = {ties} elements"))}");
    }

    private Expression[] Elements(OperationNumbers numbers, Place of)
    {
        Symbol x = numbers.Input(0, "x");
        Shape shape = numbers.ShapeOf(0);
        ReductionAttributes axes = Axes(numbers);
        Shape reduced = [.. shape.Skip(axes.FirstAxis).Take(axes.EndAxis - axes.FirstAxis)];
        return [.. Enumerable.Range(0, reduced.ElementCount).Select(i => x[Within(numbers, of, Place.At(reduced, i).Coordinates.ToArray())])];
    }

    // Written out like a sum: up to four numbers, of more the largest three.
    private sealed class Largest(string symbols, Expression[] elements)
        : Expression(elements.Aggregate(double.NegativeInfinity, (max, element) => Math.Max(max, element.Value)))
    {
        public override Text Write(Form form)
        {
            if (form != Form.Numbers || elements.Length == 1)
                return form == Form.Symbols ? new(symbols, Binding.Loose) : Text.Of(Value);
            string[] numbers = [.. elements.Select(element => Text.Of(element.Value).Content)];
            if (numbers.Length <= 4)
                return new($"max({string.Join(", ", numbers)})", Binding.Atom);
            IEnumerable<string> first = elements.OrderByDescending(element => element.Value).Take(3).Select(element => Text.Of(element.Value).Content);
            return new(FormattableString.Invariant($"largest of {numbers.Length}: {string.Join(", ", first)}, …"), Binding.Loose);
        }
    }
}
