namespace Transformer.Autograd.Debugging;

/// <summary>The numbers that an operation's formula reads: inputs, output, saved values and the output's gradient.</summary>
internal sealed class OperationNumbers(RecordedOperation operation, Func<int, double> outputGradient)
{
    public RecordedOperation Operation => operation;

    public Shape OutputShape => operation.Output.Shape;

    /// <summary>y.</summary>
    public Symbol Y => Of("y", operation.Output.Values);

    /// <summary>dy = ∂L/∂y.</summary>
    public Symbol Dy => new("dy", OutputShape, outputGradient);

    public T Attributes<T>() => (T)operation.Attributes!;

    public Shape ShapeOf(int input) => operation.Inputs[input].Shape;

    /// <summary>An input, under the letter that the formula has for it.</summary>
    public Symbol Input(int input, string name) => Of(name, operation.Inputs[input].Values);

    /// <summary>What the operation kept, or null.</summary>
    public Symbol? Saved(string key, string name) =>
        operation.Saved.TryGetValue(key, out RecordedValues? values) ? Of(name, values) : null;

    private static Symbol Of(string name, RecordedValues values) => new(name, values.Shape, values.ValueAt, values);
}
