namespace Transformer.Autograd.Debugging;

/// <summary>What an IDE shows when a tensor is unfolded.</summary>
internal sealed class TensorView(Tensor tensor)
{
    public Shape Shape => tensor.Shape;

    public DType DType => tensor.DType;

    public Operation? Producer => tensor.Producer;

    public IReadOnlyList<Tensor> Parents => tensor.Producer?.Inputs ?? [];

    public Tensor? Gradient => tensor.Gradient;

    public string[] Rows => TensorText.Rows(tensor);
}

/// <summary>What an IDE shows when an operation is unfolded.</summary>
internal sealed class OperationView(Operation operation)
{
    public string Kind => operation.Kind;

    public IReadOnlyList<Tensor> Inputs => operation.Inputs;

    public object? Attributes => operation.Attributes;

    public IReadOnlyList<SavedTensor> Saved => operation.Saved;

    public Tensor Output => operation.Output;

    public string Place => operation.Tape is { } tape
        ? $"operation {operation.Position + 1} of {tape.Operations.Count}"
        : "not on a tape";
}
