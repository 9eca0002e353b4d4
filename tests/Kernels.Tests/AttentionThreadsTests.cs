using Transformer.Kernels;
using Xunit;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public sealed class AttentionThreadsTests : IDisposable
{
    private const int Batch = 4, Heads = 4, Length = 33, Size = 16, Row = Heads * Size;

    private static readonly AttentionShape shape = AttentionShape.Dense(Batch, Heads, Length, Length, Size);

    private readonly int threadCount = Execution.ThreadCount;
    private readonly float[] query = Fractions(1), key = Fractions(2), value = Fractions(3), outputGradient = Fractions(4);
    private readonly float[] maximum = new float[shape.RowCount], inverse = new float[shape.RowCount], weights = new float[shape.WeightCount], output = new float[Batch * Length * Row];
    private readonly float[] dQuery = new float[Batch * Length * Row], dKey = new float[Batch * Length * Row], dValue = new float[Batch * Length * Row];

    public void Dispose()
    {
        Execution.ThreadCount = threadCount;
        Execution.Plain = false;
    }

    [Fact]
    public void Attention_has_the_same_bits_on_any_number_of_threads()
    {
        Execution.ThreadCount = 1;
        Run(0.2);
        float[] first = [.. weights, .. output, .. dQuery, .. dKey, .. dValue];
        for (int threads = 2; threads <= 4; threads++)
        {
            Execution.ThreadCount = threads;
            Array.Clear(dKey);
            Run(0.2);
            Assert.Equal(first, (float[])[.. weights, .. output, .. dQuery, .. dKey, .. dValue]);
        }
    }

    [Fact]
    public void The_plain_switch_gives_the_same_to_rounding()
    {
        Run(0.2);
        float[] fast = [.. weights, .. output, .. dQuery, .. dKey, .. dValue];
        Execution.Plain = true;
        Run(0.2);
        float[] plain = [.. weights, .. output, .. dQuery, .. dKey, .. dValue];
        for (int i = 0; i < plain.Length; i++)
            Assert.Equal(plain[i], fast[i], 1e-5f);
    }

    [Fact]
    public void Repeated_attention_allocates_nothing()
    {
        Execution.ThreadCount = 1;
        Assert.Equal(0, Allocated.ByRepeated(() => Run(0.2)));
    }

    [Fact]
    public void Dropout_within_is_the_dropout_operation_on_the_weights()
    {
        AttentionDropout dropout = Run(0.25);
        float[] dropped = new float[weights.Length];
        Dropout.Forward(weights, 0.25f, dropout.Key, dropped);
        int alive = weights.Count(w => w > 0);
        Assert.InRange(alive - dropped.Count(w => w > 0), alive / 5, alive / 3);

        // output = dropped weights · V, for each head
        float[] expected = new float[output.Length];
        var dense = new MatrixBatch(Length, Heads * Length * Length, Length * Length);
        var split = new MatrixBatch(Row, Length * Row, Size);
        MatrixProduct.MultiplyBatched<float>(dropped, dense, value, split, expected, split, Batch, Heads, Length, Size, Length);
        for (int i = 0; i < output.Length; i++)
            Assert.Equal(expected[i], output[i], 1e-6f);
    }

    [Fact]
    public void Spans_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Forward(shape with { SourceLength = Length + 1 }, 1, 0, maximum));
        Assert.Throws<ArgumentException>(() => Forward(shape with { OutputStride = Row - 1 }, 1, 0, maximum));
        Assert.Throws<ArgumentException>(() => Forward(shape, 1, 0, new float[7]));
        Assert.Throws<ArgumentException>(() => Forward(shape, 1, 0, maximum, [0, 5, Length], [0, Length]));
        Assert.Throws<ArgumentException>(() => Forward(shape, 1, 0, maximum, [0, 5, 4, Length], [0, 4, 5, Length]));
        Assert.Throws<ArgumentException>(() => Forward(shape, 1, 0, maximum, [0, 5, Length - 1], [0, 5, Length]));
        Assert.Throws<ArgumentException>(() => Attention.Forward<float>(                           // a row of the mask is shorter than the sources
            new(AttentionShape.Dense(1, 1, 0, 1000, 8), [], new float[8000], new float[8000], new AttentionMask(new bool[1], 0, 0, 0, false), 1), [], [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Forward(shape, 0, 0, maximum));
        Assert.Throws<ArgumentOutOfRangeException>(() => Forward(shape, 1, 1, maximum));
        Assert.Throws<ArgumentException>(() => Attention.Forward<float>(
            new(shape, query, key, value, new(new bool[Length], batchStride: Length), 1), maximum, inverse, output));
        Assert.Throws<ArgumentException>(() => Attention.Forward<float>(
            new(shape, query, key, value.AsSpan(1), new([]), 1), maximum, inverse, output));
    }

    private void Forward(AttentionShape other, float scale, double rate, float[] maxima, int[]? targetStarts = null, int[]? sourceStarts = null) =>
        Attention.Forward<float>(
            new(other, query, key, value, new([]) { TargetStarts = targetStarts, SourceStarts = sourceStarts }, scale, new(default, rate)),
            maxima, inverse, output);

    private AttentionDropout Run(double rate)
    {
        var dropout = new AttentionDropout(new RandomKey(5, 6, 7, 8), rate);
        AttentionInputs<float> inputs = new(shape, query, key, value, new([], causal: true), 0.25f, dropout);
        Attention.Forward(inputs, maximum, inverse, output);
        Attention.Weights<float>(inputs, maximum, inverse, weights);
        Attention.Backward<float>(inputs, maximum, inverse, output, outputGradient, dQuery, dKey, dValue);
        return dropout;
    }

    private static float[] Fractions(int seed)
    {
        var random = new Random(seed);
        float[] values = new float[Batch * Length * Row];
        for (int i = 0; i < values.Length; i++)
            values[i] = (2 * random.NextSingle()) - 1;
        return values;
    }
}
