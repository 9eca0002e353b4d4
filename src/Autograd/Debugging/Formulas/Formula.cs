namespace Transformer.Autograd.Debugging;

/// <summary>
/// Every operation's formula and derivative as text with numbers: a second opinion that a reader can follow, computed in
/// double precision from the recorded inputs, without the kernels.
/// </summary>
public static class Formula
{
    /// <summary>How an operation computed one element of its output.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="operation">One of its operations.</param>
    /// <param name="position">Row-major position within the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    /// <exception cref="ValuesLeftOutException">Needed values were left out.</exception>
    public static Explanation OfForward(Recording recording, RecordedOperation operation, int position)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(operation);
        RecordedTensor output = operation.Output;
        Check(output.Shape, position);
        Place at = Place.At(output.Shape, position);
        if (FormulaTable.Of(operation) is not { } formula)
            return Unknown(operation, $"y{at}", output.Values, position);
        Derivation derivation = formula.OfOutput(new OperationNumbers(operation, _ => double.NaN), at);
        return Explain(formula.Forward, $"y{at}", derivation, operation, formula, output.Values, position);
    }

    /// <summary>How an operation's backward pass computed one element of its contribution to one input's gradient.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="entry">A <see cref="TimelineEventKind.Backward"/> event.</param>
    /// <param name="inputPosition">Which input, from 0.</param>
    /// <param name="position">Row-major position within the input.</param>
    /// <exception cref="ArgumentException">The event is no backward pass of an operation.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input or element.</exception>
    /// <exception cref="ValuesLeftOutException">Needed values were left out.</exception>
    public static Explanation OfBackward(Recording recording, TimelineEvent entry, int inputPosition, int position)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(entry);
        if (entry is not { Kind: TimelineEventKind.Backward, Operation: { } operation, Gradient: { } gradient })
            throw new ArgumentException($"Formula: event {entry} is no operation's backward pass.", nameof(entry));
        CheckInput(operation, inputPosition);
        Shape shape = operation.Inputs[inputPosition].Shape;
        Check(shape, position);
        Place at = Place.At(shape, position);
        RecordedValues? contribution = entry.Contributions.FirstOrDefault(one => one.InputPosition == inputPosition)?.Values;
        if (FormulaTable.Of(operation) is not { } formula)
            return Unknown(operation, $"∂L/∂in{inputPosition}{at}", contribution, position);
        Derivation derivation = formula.OfInput(new OperationNumbers(operation, gradient.ValueAt), inputPosition, at);
        string name = $"∂L/∂{formula.Name(operation, inputPosition)}{at}";
        Explanation explanation = Explain(
            formula.Backward(operation, inputPosition, at), name, derivation, operation, formula, contribution, position);
        int count = ContributionsTo(recording, entry, operation.Inputs[inputPosition]);
        return count <= 1
            ? explanation
            : explanation with
            {
                Notes = [.. explanation.Notes, FormattableString.Invariant(
                    $"One of {count} contributions to the gradient of {operation.Inputs[inputPosition].Label}: they are added up.")],
            };
    }

    /// <summary>
    /// ∂y/∂x of one operation, [output elements, input elements], as its backward pass has it (a padding row has 0); null
    /// where it has more entries than the limit, or no formula is known.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input.</exception>
    /// <exception cref="ValuesLeftOutException">Needed values were left out.</exception>
    public static double[,]? LocalJacobian(Recording recording, RecordedOperation operation, int inputPosition, int largest = 400)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(operation);
        CheckInput(operation, inputPosition);
        Shape shape = operation.Inputs[inputPosition].Shape;
        int outputs = operation.Output.Shape.ElementCount;
        if ((long)outputs * shape.ElementCount > largest || FormulaTable.Of(operation) is not { } formula)
            return null;
        double[,] jacobian = new double[outputs, shape.ElementCount];
        for (int row = 0; row < outputs; row++)
        {
            // What the input's gradient would be, were dy 1 at this output and 0 elsewhere.
            int one = row;
            OperationNumbers numbers = new(operation, output => output == one ? 1 : 0);
            for (int column = 0; column < shape.ElementCount; column++)
                jacobian[row, column] = formula.OfInput(numbers, inputPosition, Place.At(shape, column)).Expression.Value;
        }

        return jacobian;
    }

    private static Explanation Explain(
        string general, string name, Derivation derivation, RecordedOperation operation, OperationFormula formula,
        RecordedValues? recorded, int position)
    {
        double value = derivation.Expression.Value;
        double number = recorded is { IsComplete: true } ? recorded.ValueAt(position) : double.NaN;
        bool agrees = recorded is not { IsComplete: true } || Agree(derivation.Expression, number, recorded);
        List<string> notes = [.. derivation.Definitions(), Legend(operation, formula)];
        if (!agrees)
            notes.Add($"The recorded number is another: {Text.Of(number).Content}.");
        return new Explanation(general, derivation.Line(name), value) { Notes = notes, Recorded = number, Agrees = agrees };
    }

    // Rounding is relative to the largest number around and to the terms, which may be larger than what a cancellation leaves.
    private static bool Agree(Expression expression, double recorded, RecordedValues values)
    {
        (double tolerance, double smallest) = values.DType == DType.Float32 ? (1e-4, 1e-33) : (1e-9, 1e-300);
        double largest = Math.Max(Math.Abs(values.Statistics.Max), Math.Abs(values.Statistics.Min));
        double scale = Math.Max(double.IsFinite(largest) ? largest : 0, expression.Magnitude);
        return expression.Value.Equals(recorded) || Math.Abs(expression.Value - recorded) <= Math.Max(tolerance * scale, smallest);
    }

    private static string Legend(RecordedOperation operation, OperationFormula formula)
    {
        IEnumerable<string> inputs = operation.Inputs.Select((input, i) => $"{formula.Name(operation, i)} is {input.Label} {input.Shape}");
        return $"Here {string.Join(", ", inputs.Append($"y is {operation.Output.Label} {operation.Output.Shape}"))}.";
    }

    private static Explanation Unknown(RecordedOperation operation, string name, RecordedValues? recorded, int position)
    {
        string general = $"no formula of {operation.Kind} is known";
        double value = recorded?.ValueAt(position) ?? 0;
        string how = recorded is null ? "it contributed nothing" : "as recorded";
        return new(general, $"{name} ({general}; {how}) = {Text.Of(value).Content}", value) { Recorded = recorded is null ? double.NaN : value };
    }

    private static int ContributionsTo(Recording recording, TimelineEvent entry, RecordedTensor input) =>
        recording.GradientEventsOf(input).Where(other => other.Pass == entry.Pass)
            .Sum(other => other.Contributions.Count(contribution => contribution.Input == input));

    private static void CheckInput(RecordedOperation operation, int input)
    {
        if (input < 0 || input >= operation.Inputs.Count)
            throw new ArgumentOutOfRangeException(nameof(input), input, $"Formula: {operation} has {operation.Inputs.Count} inputs.");
    }

    private static void Check(Shape shape, int position)
    {
        if (position < 0 || position >= shape.ElementCount)
            throw new ArgumentOutOfRangeException(nameof(position), position, $"Formula: {shape} has {shape.ElementCount} elements.");
    }
}
