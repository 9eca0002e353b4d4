using BenchmarkDotNet.Attributes;
using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Layers;
using Transformer.Training.Optimizers;

namespace Benchmarks.Suites;

/// <summary>What follows the backward pass: the gradients' norm, for clipping, and Adam.</summary>
[MemoryDiagnoser]
public class OptimizerBenchmarks
{
    private Parameter[] parameters = [];
    private Adam adam = new([], 0);

    [Params(100_000, 3_200_000)]
    public int Parameters { get; set; }

    /// <summary>The parameters are spread over as many tensors.</summary>
    [Params(4, 100)]
    public int Tensors { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        Shape shape = [Parameters / Tensors];
        parameters = [.. Enumerable.Range(0, Tensors).Select(_ => new Parameter(Tensor.Zeros(shape)))];
        Tensor gradient = Tensor.Normal(shape, new RandomKey(1, 0, 0, 0));
        foreach (Parameter parameter in parameters)
            parameter.Scale(1).Backward(gradient);
        adam = new Adam(parameters, learningRate: 1e-3);
    }

    [Benchmark]
    public double GlobalNorm() => GradientClipping.GlobalNorm(parameters);

    [Benchmark]
    public void AdamStep() => adam.Step();
}
