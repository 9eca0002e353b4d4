using BenchmarkDotNet.Attributes;
using Transformer.Autograd;

namespace Benchmarks;

/// <summary>What the graph itself costs: a chain of operations on one element, forward and backward.</summary>
[MemoryDiagnoser]
public class TapeBenchmarks
{
    private const int Operations = 1000;
    private readonly Tensor one = Tensor.Full([1], 1);
    private readonly Tensor x = Tensor.Full([1], 1).AsLeaf();

    /// <summary>Nanoseconds an operation.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public double ChainOfAdditions()
    {
        using Step step = new();
        x.ZeroGradient();
        Tensor y = x;
        for (int i = 0; i < Operations; i++)
            y += one;
        y.Backward();
        return y.Item();
    }
}
