using Transformer.Autograd;
using Transformer.Kernels;

namespace Benchmarks.Operations;

/// <summary>An operation with its inputs and a gradient of its output: what is timed.</summary>
internal sealed class OperationRun
{
    private readonly Func<Tensor[], Tensor> function;
    private readonly Tensor[] inputs;
    private readonly Tensor outputGradient;

    public OperationRun(OperationCase operation)
    {
        function = operation.Function;
        inputs = [.. operation.Shapes.Select((shape, i) => RandomTensor(shape, (uint)i).AsLeaf())];
        using NoGradient noGradient = new();
        outputGradient = RandomTensor(function(inputs).Shape, stream: 8);
    }

    /// <summary>Normally distributed; the same for the same stream.</summary>
    public static Tensor RandomTensor(Shape shape, uint stream) => Tensor.Normal(shape, new RandomKey(1, stream, 0, 0));

    /// <summary>Without a graph.</summary>
    public void Forward()
    {
        using Step step = new();
        using NoGradient noGradient = new();
        function(inputs);
    }

    /// <summary>Forward on the tape, and backward from the given gradient.</summary>
    public void ForwardBackward()
    {
        using Step step = new();
        foreach (Tensor input in inputs)
            input.ZeroGradient();
        function(inputs).Backward(outputGradient);
    }
}
