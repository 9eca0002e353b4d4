using Benchmarks.Measuring;
using Benchmarks.Suites;

namespace Benchmarks.Matrices;

/// <summary>A shape in one of the four transposes.</summary>
/// <param name="Name">Shape and transposes, as in <c>32 x 32 x 32 NT</c>.</param>
/// <param name="Gflops">Billions of floating-point operations a second.</param>
internal sealed record ProductRow(string Name, Spread Gflops);

/// <summary>What the verb <c>gemm</c> measured; the names are those of its JSON.</summary>
internal sealed record ProductResult(int Threads, double? OthersCpus, IReadOnlyList<ProductRow> Rows);

/// <summary>Measures the kernels of the matrix product: spans in, spans out.</summary>
internal static class ProductTable
{
    // As the PyTorch program has them.
    private const int Samples = 3;
    private const double SampleSeconds = 0.02;
    private const double WarmUpSeconds = 0.04;

    /// <summary>All shapes, or the batched ones alone, in all transposes.</summary>
    public static ProductResult Measure(int threads, bool onlyBatched, Action<ProductRow> measured)
    {
        CommandOptions.UseThreads(threads);
        Noise noise = new();
        List<ProductRow> rows = [];
        foreach (ProductShape shape in ProductShape.All.Where(shape => shape.Batch > 1 || !onlyBatched))
        {
            float[] a = Numbers.Normal(shape.Batch * shape.Rows * shape.Inner, stream: 1);
            float[] b = Numbers.Normal(shape.Batch * shape.Inner * shape.Columns, stream: 2);
            foreach ((bool transposeA, bool transposeB) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                Spread rate = GigaflopsOf(shape, a, transposeA, b, transposeB);
                ProductRow row = new($"{shape} {Letter(transposeA)}{Letter(transposeB)}", rate);
                rows.Add(row);
                measured(row);
            }
        }

        return new ProductResult(threads, noise.Others(), rows);
    }

    private static char Letter(bool transposed) => transposed ? 'T' : 'N';

    private static Spread GigaflopsOf(ProductShape shape, float[] a, bool transposeA, float[] b, bool transposeB)
    {
        float[] c = new float[shape.Batch * shape.Rows * shape.Columns];
        Spread seconds = Sampling.Seconds(() => shape.Multiply(a, transposeA, b, transposeB, c), Samples, SampleSeconds, WarmUpSeconds);
        double work = shape.Operations * 1e-9;
        return new Spread(work / seconds.Median, work / seconds.Maximum, work / seconds.Minimum, seconds.Count);
    }
}
