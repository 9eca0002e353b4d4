using Transformer.Kernels;
using Xunit;

namespace Kernels.Tests;

/// <summary>All parameters at once: the bits of one after another.</summary>
[Collection(SetsExecution.Name)]
public class AdamOfAllTests
{
    // Smaller than a chunk, empty ones between, several chunks, and ends on a chunk's border.
    private static readonly int[] lengths = [0, 1, 7, 128, 0, 32 * 1024 - 136, 5, 100_000, 512, 200_003, 0];
    private static readonly AdamStep step = new(0.01, 0.9, 0.98, 1e-8, 1 - Math.Pow(0.9, 3), 1 - Math.Pow(0.98, 3), 0.1, Decoupled: true, 0.5);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(5, false)]
    [InlineData(2, true)]
    public void Adam_of_all_parameters_is_that_of_each(int threads, bool plain)
    {
        (int threadsBefore, bool plainBefore) = (Execution.ThreadCount, Execution.Plain);
        try
        {
            (Execution.ThreadCount, Execution.Plain) = (threads, plain);
            float[][][] each = Draw();
            foreach (float[][] tensors in each)
                OptimizerSteps.Adam<float>(tensors[0], tensors[1], tensors[2], tensors[3], step);
            float[][][] all = Draw();
            OptimizerSteps.AdamOfAll<float, Parameters>(new(all), step);
            Assert.Equal(each, all);
            OptimizerSteps.AdamOfAll<float, Parameters>(new([]), step);
        }
        finally
        {
            (Execution.ThreadCount, Execution.Plain) = (threadsBefore, plainBefore);
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(5, false)]
    [InlineData(2, true)]
    public void Sums_of_squares_of_all_spans_are_those_of_each(int threads, bool plain)
    {
        (int threadsBefore, bool plainBefore) = (Execution.ThreadCount, Execution.Plain);
        try
        {
            (Execution.ThreadCount, Execution.Plain) = (threads, plain);
            float[][][] tensors = Draw();
            double[] sums = new double[lengths.Length];
            sums.AsSpan().Fill(double.NaN);
            Reduction.SumsOfSquares<float, Parameters>(new(tensors), sums);
            Assert.Equal(tensors.Select(entry => Reduction.SumOfSquares<float>(entry[1])), sums);
            Reduction.SumsOfSquares<float, Parameters>(new([]), []);
            Assert.Throws<ArgumentException>(() => Reduction.SumsOfSquares<float, Parameters>(new(tensors), new double[1]));
        }
        finally
        {
            (Execution.ThreadCount, Execution.Plain) = (threadsBefore, plainBefore);
        }
    }

    [Fact]
    public void A_gradient_of_another_length_is_refused()
    {
        float[][][] tensors = [[[1, 2], [1], [0, 0], [0, 0]]];
        Assert.Throws<ArgumentException>(() => OptimizerSteps.AdamOfAll<float, Parameters>(new(tensors), step));
        Assert.Equal([1, 2], tensors[0][0]);
    }

    // For each length: parameter, gradient, first moment, second moment, which is a square.
    private static float[][][] Draw() =>
    [
        .. lengths.Select((length, i) => Enumerable.Range(0, 4).Select(which =>
        {
            float[] values = new float[length];
            Philox.FillNormal(new RandomKey((ulong)i, (uint)which, 0, 0), 0f, 1f, values.AsSpan());
            return which < 3 ? values : [.. values.Select(value => value * value)];
        }).ToArray()),
    ];

    private readonly struct Parameters(float[][][] tensors) : IAdamParameters<float>, ISpans<float>
    {
        public int Count => tensors.Length;

        AdamTensors<float> IAdamParameters<float>.this[int index] =>
            new(tensors[index][0], tensors[index][1], tensors[index][2], tensors[index][3]);

        ReadOnlySpan<float> ISpans<float>.this[int index] => tensors[index][1];
    }
}
