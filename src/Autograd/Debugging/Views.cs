using System.Diagnostics;

namespace Transformer.Autograd.Debugging;

// What an IDE shows when one of these is unfolded. Views look: they record nothing, and they do not throw.

/// <summary>A tensor: what it is, what it holds, and its neighbours in the graph.</summary>
internal sealed class TensorView(Tensor tensor)
{
    public Shape Shape => tensor.Shape;

    public DType DType => tensor.DType;

    public string Name => tensor.Name;

    public bool RequiresGradient => tensor.RequiresGradient;

    public Operation? Producer => tensor.Producer;

    public string Statistics => TensorText.Statistics(tensor);

    public string[] Rows => TensorText.Rows(tensor);

    public Tensor? Gradient => tensor.Gradient;

    /// <summary>What it was computed from.</summary>
    public IReadOnlyList<Tensor> Parents => tensor.Producer?.Inputs ?? [];

    /// <summary>The operations on the tape that read it.</summary>
    public IReadOnlyList<Operation> Children => (tensor.Producer?.Tape ?? Tape.CurrentIfAny)?.ReadersOf(tensor) ?? [];
}

/// <summary>A shape: its sizes and their product.</summary>
internal sealed class ShapeView(Shape shape)
{
    public int Rank => shape.Rank;

    public int ElementCount => shape.ElementCount;

    public int[] Sizes => shape.Sizes.ToArray();
}

/// <summary>An operation: what it reads, kept and made, where it is on the tape, and its neighbours there.</summary>
internal sealed class OperationView(Operation operation)
{
    public string Kind => operation.Kind;

    public IReadOnlyList<Tensor> Inputs => operation.Inputs;

    public object? Attributes => operation.Attributes;

    public IReadOnlyList<SavedTensor> Saved => operation.Saved;

    /// <summary>Null before it was applied.</summary>
    public Tensor? Output => operation.OutputIfApplied;

    /// <summary>∂L/∂output, where it is there to read.</summary>
    public Tensor? OutputGradient => Output?.Gradient;

    public string Place => operation.Tape is not { } tape ? "not on a tape"
        : ReferenceEquals(tape.Walked, operation) ? tape.BackwardPlace!
        : $"operation {operation.Position + 1} of {tape.Operations.Count}";

    /// <summary>The operations that computed its inputs.</summary>
    public IReadOnlyList<Operation> Parents => [.. operation.Inputs.Select(input => input.Producer).OfType<Operation>().Distinct()];

    /// <summary>The operations on the tape that read its output.</summary>
    public IReadOnlyList<Operation> Children => Output is { } output ? operation.Tape?.ReadersOf(output) ?? [] : [];
}

/// <summary>A tape: where a backward pass is, and the operations in order of execution.</summary>
internal sealed class TapeView(Tape tape)
{
    public string Backward => tape.BackwardPlace ?? "no backward pass under way";

    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public Operation[] Operations => [.. tape.Operations];
}
