using BenchmarkDotNet.Attributes;
using Transformer.Kernels;

namespace Benchmarks;

/// <summary>The kernels that a training step spends its time in, at shapes of a small translator.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private const int TokenCount = 1536;
    private const int ModelSize = 128;
    private const int FeedForwardSize = 512;
    private readonly float[] x = Numbers(TokenCount * ModelSize, 1);
    private readonly float[] weight = Numbers(FeedForwardSize * ModelSize, 2);
    private readonly float[] y = new float[TokenCount * FeedForwardSize];
    private readonly float[] scores = Numbers(64 * 8 * 24 * 24, 3);
    private readonly float[] weights = new float[64 * 8 * 24 * 24];
    private readonly float[] gain = Numbers(ModelSize, 4);
    private readonly float[] normalized = new float[TokenCount * ModelSize];
    private readonly float[] means = new float[TokenCount];
    private readonly float[] deviations = new float[TokenCount];

    [Benchmark]
    public void Linear() => MatrixProduct.Multiply<float>(x, false, weight, true, y, TokenCount, FeedForwardSize, ModelSize);

    [Benchmark]
    public void Softmax() => Rows.Softmax<float>(scores, [], weights, 24);

    [Benchmark]
    public void LayerNorm() =>
        LayerNormalization.Forward<float>(x, gain, gain, 1e-5f, normalized, means, deviations, ModelSize);

    [Benchmark]
    public void Gelu() => Elementwise.Gelu<float>(y, y);

    [Benchmark]
    public void Dropout() => Transformer.Kernels.Dropout.Forward(y, 0.1f, new RandomKey(1, 2, 3, 0), y);

    private static float[] Numbers(int count, uint stream)
    {
        float[] values = new float[count];
        Philox.FillNormal(new RandomKey(1, stream, 0, 0), 0f, 1f, values);
        return values;
    }
}
