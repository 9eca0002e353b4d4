using BenchmarkDotNet.Attributes;
using Benchmarks.Matrices;

namespace Benchmarks.Suites;

/// <summary>Attention's products, one for each head of each sentence, as the composed form runs them: scores, and weights times values.</summary>
[MemoryDiagnoser]
public class BatchedProductBenchmarks
{
    private float[] a = [];
    private float[] b = [];
    private float[] c = [];
    private ProductShape shape = ProductShape.All[0];

    public static IEnumerable<string> Names => ProductShape.All.Where(shape => shape.Batch > 1).Select(shape => shape.ToString());

    [ParamsSource(nameof(Names))]
    public string Shape { get; set; } = string.Empty;

    [GlobalSetup]
    public void SetUp()
    {
        shape = ProductShape.All.Single(one => one.ToString() == Shape);
        a = Numbers.Normal(shape.Batch * shape.Rows * shape.Inner, 1);
        b = Numbers.Normal(shape.Batch * shape.Inner * shape.Columns, 2);
        c = new float[shape.Batch * shape.Rows * shape.Columns];
    }

    /// <summary>C = A B.</summary>
    [Benchmark]
    public void Product() => shape.Multiply(a, false, b, false, c);

    /// <summary>C = A Bᵀ.</summary>
    [Benchmark]
    public void SecondTransposed() => shape.Multiply(a, false, b, true, c);

    /// <summary>C = Aᵀ B.</summary>
    [Benchmark]
    public void FirstTransposed() => shape.Multiply(a, true, b, false, c);
}
