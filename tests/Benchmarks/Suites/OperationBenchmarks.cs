using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using Benchmarks.Operations;

namespace Benchmarks.Suites;

/// <summary>
/// The operations of <c>-- ops</c>, attention among them, and those that layers run fused, each on the tape and in a step of its own: as the kernels above, with
/// what the engine adds to them, and what it allocates.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(WholeNames))]
public class OperationBenchmarks
{
    private OperationRun? run;

    public static IEnumerable<string> Names => Cases.Select(operation => operation.Name);

    [ParamsSource(nameof(Names))]
    public string Operation { get; set; } = string.Empty;

    [GlobalSetup]
    public void SetUp() => run = new OperationRun(Cases.Single(operation => operation.Name == Operation));

    [Benchmark]
    public void Forward() => run!.Forward();

    [Benchmark]
    public void ForwardBackward() => run!.ForwardBackward();

    private static IEnumerable<OperationCase> Cases => [.. OperationCase.All, .. OperationCase.Fused];

    // BenchmarkDotNet shortens what is longer than twenty letters.
    private sealed class WholeNames : ManualConfig
    {
        public WholeNames() => SummaryStyle = SummaryStyle.Default.WithMaxParameterColumnWidth(50);
    }
}
