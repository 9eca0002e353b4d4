using BenchmarkDotNet.Attributes;
using Transformer.Kernels;

namespace Benchmarks.Suites;

/// <summary>Cross-entropy from the logits of a batch's tokens.</summary>
[MemoryDiagnoser]
public class CrossEntropyBenchmarks
{
    private float[] logits = [];
    private float[] gradient = [];
    private float[] logSumExp = [];
    private int[] targets = [];

    public static IEnumerable<RowShape> Shapes => [new(512, 1000), new(1536, 8000)];

    [ParamsSource(nameof(Shapes))]
    public RowShape Shape { get; set; }

    [Params(0f, 0.1f)]
    public float Smoothing { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        logits = Numbers.Normal(Shape.Count, 1);
        gradient = new float[Shape.Count];
        logSumExp = new float[Shape.Rows];
        targets = Numbers.Indices(Shape.Rows, Shape.Columns);
        Forward();
    }

    [Benchmark]
    public float Forward() => CrossEntropy.Forward<float>(logits, targets, Smoothing, -1, logSumExp).LossSum;

    [Benchmark]
    public void Backward() => CrossEntropy.Backward<float>(logits, targets, Smoothing, -1, logSumExp, 1f / Shape.Rows, gradient);
}
