using BenchmarkDotNet.Attributes;
using Transformer.Kernels;

namespace Benchmarks.Suites;

/// <summary>Softmax over the rows of attention scores: short sentences, and long ones.</summary>
[MemoryDiagnoser]
public class SoftmaxBenchmarks
{
    private float[] x = [];
    private float[] y = [];
    private float[] dx = [];

    public static IEnumerable<RowShape> Shapes => [new(12288, 24), new(8192, 1024)];

    [ParamsSource(nameof(Shapes))]
    public RowShape Shape { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        x = Numbers.Normal(Shape.Count, 1);
        y = new float[Shape.Count];
        dx = new float[Shape.Count];
        Forward();
    }

    [Benchmark]
    public void Forward() => Rows.Softmax<float>(x, [], y, Shape.Columns);

    [Benchmark]
    public void Backward() => Rows.SoftmaxGradient<float>(y, x, dx, Shape.Columns);
}
