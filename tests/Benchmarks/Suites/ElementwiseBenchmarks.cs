using BenchmarkDotNet.Attributes;
using Transformer.Kernels;

namespace Benchmarks.Suites;

/// <summary>Activations and dropout inside a feed-forward network, [tokens, feedForwardSize].</summary>
[MemoryDiagnoser]
public class ElementwiseBenchmarks
{
    private static readonly RandomKey Key = new(1, 2, 3, 0);
    private float[] x = [];
    private float[] dy = [];
    private float[] y = [];

    public static IEnumerable<RowShape> Shapes => [new(512, 128), new(1536, 512), new(3072, 1024)];

    [ParamsSource(nameof(Shapes))]
    public RowShape Shape { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        x = Numbers.Normal(Shape.Count, 1);
        dy = Numbers.Normal(Shape.Count, 2);
        y = new float[Shape.Count];
    }

    [Benchmark]
    public void Relu() => Elementwise.Relu<float>(x, y);

    [Benchmark]
    public void ReluBackward() => Elementwise.ReluGradient<float>(x, dy, y);

    [Benchmark]
    public void Gelu() => Elementwise.Gelu<float>(x, y);

    [Benchmark]
    public void GeluBackward() => Elementwise.GeluGradient<float>(x, dy, y);

    [Benchmark]
    public void GeluTanh() => Elementwise.GeluTanh<float>(x, y);

    [Benchmark]
    public void GeluTanhBackward() => Elementwise.GeluTanhGradient<float>(x, dy, y);

    /// <summary>Its own backward, with the gradient in place of x.</summary>
    [Benchmark]
    public void Dropout() => Transformer.Kernels.Dropout.Forward(x, 0.1f, Key, y);

    [Benchmark]
    public void Add() => Elementwise.Add<float>(x, dy, y);
}
