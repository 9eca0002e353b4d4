using BenchmarkDotNet.Attributes;
using Transformer.Kernels;

namespace Benchmarks.Suites;

/// <summary>Layer normalization of a batch's tokens.</summary>
[MemoryDiagnoser]
public class LayerNormBenchmarks
{
    private float[] x = [];
    private float[] dy = [];
    private float[] y = [];
    private float[] weight = [];
    private float[] weightGradient = [];
    private float[] biasGradient = [];
    private float[] mean = [];
    private float[] inverseDeviation = [];

    public static IEnumerable<RowShape> Shapes => [new(1536, 128), new(3072, 256)];

    [ParamsSource(nameof(Shapes))]
    public RowShape Shape { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        x = Numbers.Normal(Shape.Count, 1);
        dy = Numbers.Normal(Shape.Count, 2);
        y = new float[Shape.Count];
        weight = Numbers.Normal(Shape.Columns, 3);
        weightGradient = new float[Shape.Columns];
        biasGradient = new float[Shape.Columns];
        mean = new float[Shape.Rows];
        inverseDeviation = new float[Shape.Rows];
        Forward();
    }

    [Benchmark]
    public void Forward() => LayerNormalization.Forward<float>(x, weight, weight, 1e-5f, y, mean, inverseDeviation, Shape.Columns);

    [Benchmark]
    public void Backward() => LayerNormalization.Backward<float>(
        x, weight, mean, inverseDeviation, dy, y, weightGradient, biasGradient, Shape.Columns);
}
