using Benchmarks.Measuring;
using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Layers;
using Transformer.Training.Optimizers;

namespace Benchmarks.Operations;

/// <summary>One operation, in microseconds.</summary>
/// <param name="Name">Operation and shape.</param>
/// <param name="Forward">Without a graph; null where there is no such thing.</param>
/// <param name="ForwardBackward">Forward, and backward from a given gradient of the output.</param>
internal sealed record OperationRow(string Name, Spread? Forward, Spread ForwardBackward);

/// <summary>What the verb <c>ops</c> measured; the names are those of its JSON.</summary>
internal sealed record OperationResult(int Threads, double? OthersCpus, IReadOnlyList<OperationRow> Rows);

/// <summary>Measures operations on the tape, each time in a step of its own, as training runs them.</summary>
internal sealed class OperationTable(Action<OperationRow> measured)
{
    /// <summary>Additions in the chain.</summary>
    public const int ChainLength = 1000;

    public const string ChainName = "chain of 1000 additions";

    // As the PyTorch program has them.
    private const int Samples = 5;
    private const double SampleSeconds = 0.03;
    private const double WarmUpSeconds = 0.1;

    private readonly List<OperationRow> rows = [];

    public OperationResult Measure(int threads)
    {
        CommandOptions.UseThreads(threads);
        Noise noise = new();
        WakeProcessor();
        foreach (OperationCase operation in OperationCase.All)
            Measure(operation);
        MeasureOptimizer();
        MeasureChain();
        return new OperationResult(threads, noise.Others(), rows);
    }

    // Half a second of work that is not counted, or the first row pays for the start of threads and clocks.
    private static void WakeProcessor()
    {
        float[] x = OperationRun.RandomTensor([512, 512], stream: 9).Values<float>().ToArray();
        float[] y = new float[x.Length];
        Sampling.Seconds(() => MatrixProduct.Multiply<float>(x, false, x, false, y, 512, 512, 512), samples: 3, warmUpSeconds: 0.5);
    }

    private void Measure(OperationCase operation)
    {
        OperationRun run = new(operation);
        Add(operation.Name, run.Forward, run.ForwardBackward);
    }

    // 3.2 million parameters in 4 tensors. Clipping is the norm here: its factor is one of Adam's own.
    private void MeasureOptimizer()
    {
        Parameter[] parameters = [.. Enumerable.Range(0, 4).Select(_ => new Parameter(Tensor.Zeros([800_000])))];
        foreach (Parameter parameter in parameters)
            parameter.Scale(1).Backward(OperationRun.RandomTensor(parameter.Shape, stream: 7));
        Adam adam = new(parameters, learningRate: 1e-3);
        Add("adam 4 x 800000", null, () => adam.Step());
        Add("clip gradients 4 x 800000", null, () => GradientClipping.Scale(GradientClipping.GlobalNorm(parameters), 1e9));
    }

    // A thousand additions to one number: time is the graph's own.
    private void MeasureChain()
    {
        Tensor one = Tensor.Full([1], 1);
        Tensor start = Tensor.Full([1], 1).AsLeaf();
        Add(ChainName, Forward, () =>
        {
            using Step step = new();
            start.ZeroGradient();
            Chain().Backward();
        });

        void Forward()
        {
            using Step step = new();
            using NoGradient noGradient = new();
            Chain();
        }

        Tensor Chain()
        {
            Tensor y = start;
            for (int i = 0; i < ChainLength; i++)
                y += one;
            return y;
        }
    }

    private void Add(string name, Action? forward, Action both)
    {
        OperationRow row = new(name, forward is null ? null : Microseconds(forward), Microseconds(both));
        rows.Add(row);
        measured(row);
    }

    private static Spread Microseconds(Action action) => Sampling.Seconds(action, Samples, SampleSeconds, WarmUpSeconds) * 1e6;
}
