using Transformer.Kernels;
using Xunit;

namespace Kernels.Tests;

public class MatrixProductBatchedTests
{
    [Theory]
    [InlineData(2, 3, 5, 4, 6)]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(3, 0, 5, 4, 6)]
    [InlineData(2, 2, 0, 3, 2)]
    [InlineData(2, 2, 3, 3, 0)]
    [InlineData(16, 4, 24, 17, 32)]
    [InlineData(2, 2, 130, 120, 70)]
    public void Equals_one_product_after_another(int outer, int inner, int m, int n, int k)
    {
        var random = new Random(5);
        for (int options = 0; options < 8; options++)
        {
            bool transposeA = (options & 1) != 0, transposeB = (options & 2) != 0, accumulate = (options & 4) != 0;
            double[] a = Integers(random, outer * inner * m * k), b = Integers(random, outer * inner * k * n);
            double[] c = Integers(random, outer * inner * m * n);
            double[] expected = [.. c];
            for (int matrix = 0; matrix < outer * inner; matrix++)
            {
                MatrixProduct.Multiply<double>(
                    a.AsSpan(matrix * m * k, m * k), transposeA, b.AsSpan(matrix * k * n, k * n), transposeB,
                    expected.AsSpan(matrix * m * n, m * n), m, n, k, accumulate);
            }
            var layoutA = new MatrixBatch(transposeA ? m : k, inner * m * k, m * k, transposeA);
            var layoutB = new MatrixBatch(transposeB ? k : n, inner * k * n, k * n, transposeB);
            MatrixProduct.MultiplyBatched<double>(a, layoutA, b, layoutB, c, new(n, inner * m * n, m * n), outer, inner, m, n, k, accumulate);
            Assert.Equal(expected, c);
        }
    }

    [Fact]
    public void Heads_are_read_and_written_where_they_lie()
    {
        // q, k [batch, length, heads · size]: scores[b, h] = q[b, :, h] k[b, :, h]ᵀ, then output[b, :, h] = scores[b, h] k[b, :, h].
        const int batch = 2, heads = 3, length = 5, size = 4, row = heads * size;
        var random = new Random(6);
        double[] q = Integers(random, batch * length * row), k = Integers(random, batch * length * row);
        double[] scores = new double[batch * heads * length * length], output = new double[batch * length * row];
        var split = new MatrixBatch(row, length * row, size);
        var dense = new MatrixBatch(length, heads * length * length, length * length);
        MatrixProduct.MultiplyBatched<double>(q, split, k, split with { Transposed = true }, scores, dense, batch, heads, length, length, size);
        MatrixProduct.MultiplyBatched<double>(scores, dense, k, split, output, split, batch, heads, length, size, length);

        for (int b = 0; b < batch; b++)
        {
            for (int h = 0; h < heads; h++)
            {
                for (int t = 0; t < length; t++)
                {
                    double[] sum = new double[size];
                    for (int s = 0; s < length; s++)
                    {
                        double score = 0;
                        for (int i = 0; i < size; i++)
                            score += q[(((b * length) + t) * row) + (h * size) + i] * k[(((b * length) + s) * row) + (h * size) + i];
                        Assert.Equal(score, scores[(((((b * heads) + h) * length) + t) * length) + s]);
                        for (int i = 0; i < size; i++)
                            sum[i] += score * k[(((b * length) + s) * row) + (h * size) + i];
                    }
                    Assert.Equal(sum, output.AsSpan((((b * length) + t) * row) + (h * size), size).ToArray());
                }
            }
        }
    }

    [Fact]
    public void A_stride_of_zero_repeats_an_input()
    {
        const int batch = 30, m = 6, n = 5, k = 4;
        var random = new Random(7);
        double[] a = Integers(random, batch * m * k), b = Integers(random, k * n), c = new double[batch * m * n], expected = new double[batch * m * n];
        MatrixProduct.Multiply<double>(a, false, b, false, expected, batch * m, n, k);
        MatrixProduct.MultiplyBatched<double>(a, new(k, m * k), b, new(n), c, new(n, m * n), batch, 1, m, n, k);
        Assert.Equal(expected, c);
    }

    [Fact]
    public void Layouts_that_do_not_fit_are_refused()
    {
        var dense = new MatrixBatch(2, 4);
        Assert.Throws<ArgumentException>(() => Multiply(new(2, 5), dense, dense));             // A reaches beyond its span
        Assert.Throws<ArgumentException>(() => Multiply(dense, new(1, 4), dense));             // rows of B overlap
        Assert.Throws<ArgumentException>(() => Multiply(dense, dense, new(2, 0)));             // each C the same memory
        Assert.Throws<ArgumentException>(() => Multiply(dense, dense, new(2, 4, 0, true)));
        Assert.Throws<ArgumentException>(() => Multiply(dense, dense, new(3, 4)));
        Multiply(dense, dense, dense);

        static void Multiply(MatrixBatch a, MatrixBatch b, MatrixBatch c) =>
            MatrixProduct.MultiplyBatched<double>(new double[12], a, new double[12], b, new double[12], c, 3, 1, 2, 2, 2);
    }

    [Fact]
    public void Matrices_C_that_share_rows_are_refused()
    {
        var rows = new MatrixBatch(4);
        Assert.Throws<ArgumentException>(() => Multiply(new(4, InnerStride: 4)));                  // row 1 of each is row 0 of the next
        Assert.Throws<ArgumentException>(() => Multiply(new(4, OuterStride: 4, InnerStride: 8)));
        Assert.Throws<ArgumentException>(() => Multiply(new(8, OuterStride: 8, InnerStride: 4)));
        Multiply(new(8, OuterStride: 24, InnerStride: 4));                                         // side by side
        Multiply(new(4, OuterStride: 8, InnerStride: 24));

        void Multiply(MatrixBatch c) =>
            MatrixProduct.MultiplyBatched<double>(new double[12], rows, new double[12], rows, new double[72], c, outer: 2, inner: 2, 2, 4, 3);
    }

    private static double[] Integers(Random random, int count)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = random.Next(-8, 9);
        return values;
    }
}
