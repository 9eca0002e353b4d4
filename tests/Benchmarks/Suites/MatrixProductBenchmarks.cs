using BenchmarkDotNet.Attributes;
using Transformer.Kernels;

namespace Benchmarks.Suites;

/// <summary>The three products of a linear layer, y = x Wᵀ with W [outputs, inputs].</summary>
[MemoryDiagnoser]
public class MatrixProductBenchmarks
{
    private float[] x = [];
    private float[] weight = [];
    private float[] y = [];

    /// <summary>Rows of x, inputs and outputs: attention's projections, both of a feed-forward network, and logits.</summary>
    public static IEnumerable<LinearShape> Shapes =>
        [new(1536, 128, 128), new(1536, 128, 512), new(1536, 512, 128), new(1536, 128, 8000), new(3072, 256, 1024)];

    [ParamsSource(nameof(Shapes))]
    public LinearShape Shape { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        x = Numbers.Normal(Shape.Rows * Shape.Inputs, 1);
        weight = Numbers.Normal(Shape.Outputs * Shape.Inputs, 2);
        y = Numbers.Normal(Shape.Rows * Shape.Outputs, 3);
    }

    /// <summary>y = x Wᵀ.</summary>
    [Benchmark]
    public void Forward() => MatrixProduct.Multiply<float>(x, false, weight, true, y, Shape.Rows, Shape.Outputs, Shape.Inputs);

    /// <summary>∂L/∂x = ∂L/∂y W.</summary>
    [Benchmark]
    public void InputGradient() => MatrixProduct.Multiply<float>(y, false, weight, false, x, Shape.Rows, Shape.Inputs, Shape.Outputs);

    /// <summary>∂L/∂W = ∂L/∂yᵀ x.</summary>
    [Benchmark]
    public void WeightGradient() => MatrixProduct.Multiply<float>(y, true, x, false, weight, Shape.Outputs, Shape.Inputs, Shape.Rows);

    /// <summary>Sizes of a linear layer and its input.</summary>
    public readonly record struct LinearShape(int Rows, int Inputs, int Outputs)
    {
        public override string ToString() => $"{Rows} x {Inputs} to {Outputs}";
    }
}
