using BenchmarkDotNet.Attributes;
using Benchmarks.Operations;

namespace Benchmarks.Suites;

/// <summary>
/// The operations of <c>-- ops</c>, attention among them, each on the tape and in a step of its own: as the kernels above, with
/// what the engine adds to them, and what it allocates.
/// </summary>
[MemoryDiagnoser]
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
}
