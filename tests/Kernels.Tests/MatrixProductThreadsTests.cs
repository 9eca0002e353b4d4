using Transformer.Kernels;
using Xunit;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public sealed class MatrixProductThreadsTests : IDisposable
{
    private readonly int threadCount = Execution.ThreadCount;

    public void Dispose() => Execution.ThreadCount = threadCount;

    [Theory]
    [InlineData(128, 130, 600, false, false)]
    [InlineData(128, 130, 600, true, false)]
    [InlineData(300, 700, 100, false, true)]
    [InlineData(1000, 17, 64, true, true)]
    [InlineData(3, 2001, 200, false, true)]
    [InlineData(64, 700, 100, false, true)]
    [InlineData(13, 130, 600, false, true)]
    [InlineData(301, 290, 1000, true, false)]
    [InlineData(1163, 300, 70, false, false)]
    [InlineData(300, 58, 1000, false, true)] // the last block of columns is narrower than a vector
    [InlineData(300, 250, 1000, false, true)]
    [InlineData(300, 16, 3000, false, false)]
    public void One_product_has_the_same_bits_on_any_number_of_threads(int m, int n, int k, bool transposeA, bool transposeB)
    {
        float[] a = Fractions(m * k), b = Fractions(k * n);
        Execution.ThreadCount = 1;
        float[] first = Product();
        for (int threads = 2; threads <= 4; threads++)
        {
            Execution.ThreadCount = threads;
            Assert.Equal(first, Product());
        }

        float[] Product()
        {
            float[] c = new float[m * n];
            MatrixProduct.Multiply<float>(a, transposeA, b, transposeB, c, m, n, k);
            return c;
        }
    }

    [Fact]
    public void A_batch_has_the_same_bits_on_any_number_of_threads()
    {
        const int outer = 40, inner = 4, m = 33, n = 31, k = 16;
        float[] a = Fractions(outer * inner * m * k), b = Fractions(outer * inner * n * k);
        Execution.ThreadCount = 1;
        float[] first = Product();
        for (int threads = 2; threads <= 4; threads++)
        {
            Execution.ThreadCount = threads;
            Assert.Equal(first, Product());
        }

        float[] Product()
        {
            float[] c = new float[outer * inner * m * n];
            MatrixProduct.MultiplyBatched<float>(
                a, new(k, inner * m * k, m * k), b, new(k, inner * n * k, n * k, Transposed: true), c, new(n, inner * m * n, m * n), outer, inner, m, n, k);
            return c;
        }
    }

    [Fact]
    public void A_repeated_product_allocates_nothing()
    {
        Execution.ThreadCount = 1;
        const int size = 200;
        float[] a = Fractions(size * size), b = Fractions(size * size), c = new float[size * size];
        MatrixProduct.Multiply<float>(a, true, b, true, c, size, size, size);
        Assert.Equal(0, Allocated.ByRepeated(() => MatrixProduct.Multiply<float>(a, true, b, true, c, size, size, size)));
    }

    [Fact]
    public void The_plain_switch_gives_the_same_to_rounding()
    {
        const int m = 70, n = 90, k = 50;
        float[] a = Fractions(m * k), b = Fractions(k * n), fast = new float[m * n], plain = new float[m * n];
        MatrixProduct.Multiply<float>(a, false, b, false, fast, m, n, k);
        Execution.Plain = true;
        try
        {
            MatrixProduct.Multiply<float>(a, false, b, false, plain, m, n, k);
        }
        finally
        {
            Execution.Plain = false;
        }
        for (int i = 0; i < plain.Length; i++)
            Assert.Equal(plain[i], fast[i], 1e-5f);
    }

    private static float[] Fractions(int count)
    {
        var random = new Random(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = random.NextSingle() - 0.5f;
        return values;
    }
}
