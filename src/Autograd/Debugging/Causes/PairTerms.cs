namespace Transformer.Autograd.Debugging;

/// <summary>Element-wise operations of two inputs, which broadcast: an element reaches every place at which it is repeated.</summary>
internal static class PairTerms
{
    public static IEnumerable<Term> Backward(TimelineEvent entry, Contribution contribution, int position)
    {
        RecordedOperation operation = entry.Operation!;
        Shape input = operation.Inputs[contribution.InputPosition].Shape;
        foreach (int place in Elements.Repeats(input, operation.Output.Shape, position))
        {
            double factor = Derivative(operation, contribution.InputPosition, place);
            yield return new Term(place, factor, Product(operation, factor, entry.Gradient!.ValueAt(place)));
        }
    }

    public static IEnumerable<Source> Forward(RecordedOperation operation, int position)
    {
        double y = operation.Output.Values.ValueAt(position);
        Source Part(int input, double amount) =>
            new(input, Elements.Broadcast(operation.Inputs[input].Shape, operation.Output.Shape, position), amount);
        return operation.Kind switch
        {
            "Add" => [Part(0, Value(operation, 0, position)), Part(1, Value(operation, 1, position))],
            "Subtract" => [Part(0, Value(operation, 0, position)), Part(1, -Value(operation, 1, position))],
            "Where" => [Part(IsChosen(operation, 0, position) ? 0 : 1, y)],
            _ => FactorsOf(operation, position).Select(input => Part(input, y)),
        };
    }

    /// <summary>True where a choice takes this input.</summary>
    public static bool IsChosen(RecordedOperation operation, int input, int place)
    {
        Mask condition = ((WhereAttributes)operation.Attributes!).Condition;
        return condition.Values[Elements.Broadcast(condition.Shape, operation.Output.Shape, place)] == (input == 0);
    }

    /// <summary>The number that one input has at a place of the output.</summary>
    public static double Value(RecordedOperation operation, int input, int place) =>
        operation.Inputs[input].Values.ValueAt(Elements.Broadcast(operation.Inputs[input].Shape, operation.Output.Shape, place));

    private static double Derivative(RecordedOperation operation, int input, int place) => (operation.Kind, input) switch
    {
        ("Subtract", 1) => -1,
        ("Multiply", _) => Value(operation, 1 - input, place),
        ("Divide", 0) => 1 / Value(operation, 1, place),
        ("Divide", 1) => -operation.Output.Values.ValueAt(place) / Value(operation, 1, place),
        ("Where", _) => IsChosen(operation, input, place) ? 1 : 0,
        _ => 1,
    };

    // A choice passes nothing on to what it did not take, also where the gradient is not finite.
    private static double Product(RecordedOperation operation, double factor, double dy) =>
        operation.Kind == "Where" && factor == 0 ? 0 : factor * dy;

    // First the factor that says most of the product's size: what is not finite, else what is farther from 1.
    private static int[] FactorsOf(RecordedOperation operation, int place)
    {
        double Weight(double value) => double.IsFinite(value) ? Math.Abs(Math.Log(Math.Abs(value))) : double.PositiveInfinity;
        double a = Value(operation, 0, place);
        double b = Value(operation, 1, place);
        bool firstLeads = double.IsFinite(a) == double.IsFinite(b) ? Weight(a) >= Weight(b) : !double.IsFinite(a);
        return firstLeads ? [0, 1] : [1, 0];
    }
}
