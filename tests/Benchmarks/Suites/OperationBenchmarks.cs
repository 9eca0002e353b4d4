using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using Benchmarks.Operations;

namespace Benchmarks.Suites;

/// <summary>
/// The operations of <c>-- ops</c>, attention among them, each on the tape and in a step of its own: as the kernels above, with
/// what the engine adds to them, and what it allocates.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(WholeNames))]
public class OperationBenchmarks
{
    private OperationRun? run;

    public static IEnumerable<string> Names => OperationCase.All.Select(operation => operation.Name);

    [ParamsSource(nameof(Names))]
    public string Operation { get; set; } = string.Empty;

    [GlobalSetup]
    public void SetUp() => run = new OperationRun(OperationCase.All.Single(operation => operation.Name == Operation));

    [Benchmark]
    public void Forward() => run!.Forward();

    [Benchmark]
    public void ForwardBackward() => run!.ForwardBackward();

    // BenchmarkDotNet shortens what is longer than twenty letters.
    private sealed class WholeNames : ManualConfig
    {
        public WholeNames() => SummaryStyle = SummaryStyle.Default.WithMaxParameterColumnWidth(50);
    }
}
