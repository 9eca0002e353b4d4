using BenchmarkDotNet.Attributes;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Benchmarks.Suites;

/// <summary>What the graph itself costs: a chain of operations on one element, forward and backward; and what recording it costs.</summary>
[MemoryDiagnoser]
public class TapeBenchmarks
{
    private const int Operations = 1000;
    private readonly Tensor one = Tensor.Full([1], 1);
    private readonly Tensor x = Tensor.Full([1], 1).AsLeaf();

    /// <summary>Nanoseconds an operation, with no recorder anywhere: each asks for one with one comparison.</summary>
    [Benchmark(OperationsPerInvoke = Operations, Baseline = true)]
    public double ChainOfAdditions()
    {
        using Step step = new();
        x.ZeroGradient();
        Tensor y = x;
        for (int i = 0; i < Operations; i++)
            y += one;
        y.Backward();
        return y.Item();
    }

    /// <summary>The same with a recorder, which copies the numbers.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public double ChainOfAdditionsRecorded() => Recorded(sourceLines: false);

    /// <summary>The same with a stack trace at each operation, too.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public double ChainOfAdditionsRecordedWithLines() => Recorded(sourceLines: true);

    private double Recorded(bool sourceLines)
    {
        using Recorder recorder = new(new RecordingOptions { SourceLines = sourceLines });
        return ChainOfAdditions();
    }
}
