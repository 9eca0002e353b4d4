using BenchmarkDotNet.Attributes;
using Transformer.Kernels;

namespace Benchmarks.Suites;

/// <summary>Rows of an embedding table, [vocabularySize, modelSize], for 1536 tokens.</summary>
[MemoryDiagnoser]
public class EmbeddingBenchmarks
{
    private const int Tokens = 1536;
    private float[] table = [];
    private float[] rows = [];
    private int[] tokens = [];

    public static IEnumerable<RowShape> Shapes => [new(8000, 128), new(10000, 256)];

    [ParamsSource(nameof(Shapes))]
    public RowShape Table { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        table = Numbers.Normal(Table.Count, 1);
        rows = Numbers.Normal(Tokens * Table.Columns, 2);
        tokens = Numbers.Indices(Tokens, Table.Rows);
    }

    [Benchmark]
    public void Gather() => Indexing.Gather<float>(table, tokens, rows, Table.Columns);

    /// <summary>The backward of it.</summary>
    [Benchmark]
    public void SegmentSum() => Indexing.SegmentSum<float>(rows, tokens, table, Table.Columns);
}
