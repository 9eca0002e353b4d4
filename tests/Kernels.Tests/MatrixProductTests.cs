using System.Numerics;
using System.Runtime.Intrinsics;
using Transformer.Kernels;
using Transformer.Kernels.Simd;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// The blocked product against three loops. Matrices hold small integers in most tests, so that every sum is exact in any
/// order and results must be equal, not close.
/// </summary>
public unsafe class MatrixProductTests
{
    private delegate void Product<T>(in MatrixProductProblem<T> problem)
        where T : unmanaged;

    public static TheoryData<int, int, int> Sizes()
    {
        var data = new TheoryData<int, int, int>();
        int[] sizes = [0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 47, 48, 49, 65, 97];
        var random = new Random(1);
        foreach (int size in sizes)
        {
            data.Add(size, sizes[random.Next(sizes.Length)], sizes[random.Next(sizes.Length)]);
            data.Add(sizes[random.Next(sizes.Length)], size, sizes[random.Next(sizes.Length)]);
            data.Add(sizes[random.Next(sizes.Length)], sizes[random.Next(sizes.Length)], size);
        }
        data.Add(65, 200, 260);   // copies B in panels, two stretches of the depth, unequal blocks
        data.Add(130, 49, 515);
        data.Add(70, 3100, 5);    // many blocks of columns
        data.Add(1100, 9, 33);    // many blocks of rows
        data.Add(72, 301, 530);   // a copied B whose next stretch is fetched ahead
        data.Add(9, 301, 200);    // few rows: panels of a transposed B, the last one narrower
        data.Add(33, 500, 17);
        data.Add(64, 1030, 40);
        data.Add(64, 7, 1024);
        data.Add(1, 1, 1000);
        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Equals_three_loops_for_float(int m, int n, int k)
    {
        Compare<float>(m, n, k, MatrixProductBlocks<Vector512<float>, Simd512<float>, float>.Multiply);
        Compare<float>(m, n, k, MatrixProductBlocks<Vector256<float>, Simd256<float>, float>.Multiply);
        Compare<float>(m, n, k, MatrixProductBlocks<Vector128<float>, Simd128<float>, float>.Multiply);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Equals_three_loops_for_double(int m, int n, int k)
    {
        Compare<double>(m, n, k, MatrixProductBlocks<Vector512<double>, Simd512<double>, double>.Multiply);
        Compare<double>(m, n, k, MatrixProductBlocks<Vector256<double>, Simd256<double>, double>.Multiply);
        Compare<double>(m, n, k, MatrixProductBlocks<Vector128<double>, Simd128<double>, double>.Multiply);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(9, 12, 3)]
    [InlineData(17, 16, 4)]
    [InlineData(75, 61, 16)]
    [InlineData(130, 160, 33)]
    [InlineData(70, 1000, 9)]
    [InlineData(401, 300, 40)]
    public void Stored_past_the_caches_it_equals_three_loops(int m, int n, int k)
    {
        Compare<float>(m, n, k, MatrixProductBlocks<Vector512<float>, Simd512<float>, float>.Multiply, streams: true);
        Compare<float>(m, n, k, MatrixProductBlocks<Vector256<float>, Simd256<float>, float>.Multiply, streams: true);
        Compare<float>(m, n, k, MatrixProductBlocks<Vector128<float>, Simd128<float>, float>.Multiply, streams: true);
        Compare<double>(m, n, k, MatrixProductBlocks<Vector512<double>, Simd512<double>, double>.Multiply, streams: true);
        Compare<double>(m, n, k, MatrixProductBlocks<Vector256<double>, Simd256<double>, double>.Multiply, streams: true);
        Compare<double>(m, n, k, MatrixProductBlocks<Vector128<double>, Simd128<double>, double>.Multiply, streams: true);
    }

    [Fact]
    public void A_product_larger_than_the_caches_is_whole()
    {
        const int m = 4200, n = 4112;
        Assert.True(MatrixProductProblem<float>.PaysToStream(1, m, n, 2, n, accumulate: false));
        Assert.False(MatrixProductProblem<float>.PaysToStream(1, m, n, 2, n, accumulate: true));
        Assert.False(MatrixProductProblem<float>.PaysToStream(1, m, n, 2, n + 1, accumulate: false));
        var random = new Random(5);
        float[] a = Values<float>(m * 2, () => random.Next(-8, 9));
        float[] b = Values<float>(2 * n, () => random.Next(-8, 9));
        float[] c = new float[m * n];
        MatrixProduct.Multiply<float>(a, false, b, false, c, m, n, 2);
        int wrong = 0;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
                wrong += c[(i * n) + j] == (a[2 * i] * b[j]) + (a[(2 * i) + 1] * b[n + j]) ? 0 : 1;
        }
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Every_size_of_a_tile_equals_three_loops()
    {
        for (int m = 1; m <= 9; m++)
        {
            for (int n = 1; n <= 49; n++)
                Equals_three_loops_for_float(m, n, 4);
        }
    }

    [Fact]
    public void Sums_of_fractions_are_accurate_to_rounding()
    {
        const int m = 37, n = 61, k = 700;
        var random = new Random(3);
        float[] a = Values<float>(m * k, () => random.NextDouble() - 0.5);
        float[] b = Values<float>(k * n, () => random.NextDouble() - 0.5);
        float[] c = new float[m * n];
        MatrixProduct.Multiply<float>(a, false, b, false, c, m, n, k);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double exact = 0, size = 0;
                for (int p = 0; p < k; p++)
                {
                    exact += (double)a[(i * k) + p] * b[(p * n) + j];
                    size += Math.Abs((double)a[(i * k) + p] * b[(p * n) + j]);
                }
                // The bound k·ε·Σ|ab| holds for any order; this order stays far below it.
                Assert.True(Math.Abs(c[(i * n) + j] - exact) <= 16 * Math.Pow(2, -24) * size, $"({i}, {j})");
            }
        }
    }

    [Fact]
    public void A_product_of_depth_zero_is_zero_or_leaves_what_is_there()
    {
        float[] c = [1, 2, 3, 4, 5, 6];
        MatrixProduct.Multiply<float>([], false, [], false, c, 2, 3, 0, accumulate: true);
        Assert.Equal([1, 2, 3, 4, 5, 6], c);
        MatrixProduct.Multiply<float>([], false, [], false, c, 2, 3, 0);
        Assert.Equal(new float[6], c);
    }

    [Fact]
    public void A_row_is_added_to_each_row_of_the_product()
    {
        float[] c = [9, 9, 9, 9, 9, 9];
        MatrixProduct.Multiply<float>([1, 2, 3, 4], false, [1, 0, 1, 0, 1, 1], false, c, 2, 3, 2, rowOfC: [10, 20, 30]);
        Assert.Equal([11, 22, 33, 13, 24, 37], c);
        MatrixProduct.Multiply<float>([], false, [], false, c, 2, 3, 0, rowOfC: [10, 20, 30]);
        Assert.Equal([10, 20, 30, 10, 20, 30], c);
    }

    [Fact]
    public void NaN_and_infinity_arrive_only_where_they_belong()
    {
        const int m = 9, n = 50, k = 20;
        float[] a = new float[m * k];
        float[] b = new float[k * n];
        Array.Fill(a, 1f);
        Array.Fill(b, 1f);
        a[(3 * k) + 5] = float.NaN;
        b[(7 * n) + 49] = float.PositiveInfinity;
        float[] c = new float[m * n];
        MatrixProduct.Multiply<float>(a, false, b, false, c, m, n, k);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
                Assert.Equal(i == 3 ? float.NaN : j == 49 ? float.PositiveInfinity : k, c[(i * n) + j]);
        }
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_named()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => MatrixProduct.Multiply<float>(new float[6], false, new float[11], false, new float[8], 2, 4, 3));
        Assert.Equal("Matrix product [2, 3] · [3, 4]: B has 11 elements, not 12.", error.Message);
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply<float>(new float[5], false, new float[12], false, new float[8], 2, 4, 3));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply<float>(new float[6], false, new float[12], false, new float[9], 2, 4, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.Multiply<float>([], false, [], false, [], -1, 0, 0));
        error = Assert.Throws<ArgumentException>(
            () => MatrixProduct.Multiply<float>(new float[6], false, new float[12], false, new float[8], 2, 4, 3, rowOfC: new float[2]));
        Assert.Equal("Matrix product [2, 3] · [3, 4]: the row that is added to each row of C has 2 elements, not 4.", error.Message);
        float[] same = new float[4];
        Assert.Throws<ArgumentException>(
            () => MatrixProduct.Multiply<float>(new float[4], false, new float[4], false, same, 2, 2, 2, rowOfC: same.AsSpan(0, 2)));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply<float>(same, false, new float[4], false, same, 2, 2, 2));
    }

    // All transposes; C overwritten, accumulated, and started from a row; C lies with gaps in an array whose other elements must stay as they are.
    private static void Compare<T>(int m, int n, int k, Product<T> multiply, bool streams = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random((m * 10007) + (n * 101) + k);
        const int offset = 3;
        int gap = streams ? 31 - ((n + 15) % 16) : 2; // rows that start as far from a cache line's start as each other
        T[] a = Values<T>(offset + (m * k), () => random.Next(-8, 9));
        T[] b = Values<T>(offset + (k * n), () => random.Next(-8, 9));
        T[] before = Values<T>(offset + (m * (n + gap)) + 70, () => random.Next(-8, 9));
        T[] row = Values<T>(offset + n + 1, () => random.Next(-8, 9));
        for (int options = 0; options < 12; options++)
        {
            if (streams && (options & 4) != 0)
                continue; // what is added to is read first
            bool transposeA = (options & 1) != 0, transposeB = (options & 2) != 0;
            T[] expected = [.. before];
            T[] actual = [.. before];
            fixed (T* pa = a, pb = b, pe = expected, pc = actual, pr = row)
            {
                var problem = new MatrixProductProblem<T>
                {
                    A = pa + offset,
                    ARow = transposeA ? 1 : k,
                    AColumn = transposeA ? m : 1,
                    B = pb + offset,
                    BRow = transposeB ? 1 : n,
                    BColumn = transposeB ? k : 1,
                    C = pe + offset,
                    CRow = n + gap,
                    Rows = m,
                    Columns = n,
                    Depth = k,
                    Accumulate = (options & 4) != 0,
                    RowOfC = (options & 8) != 0 ? pr + offset : null,
                    Streams = streams,
                };
                MatrixProductPlain.Multiply(problem);
                multiply(problem.At(0, 0, pc - pe));
            }
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"[{m}, {k}] · [{k}, {n}] with options {options}");
        }
    }

    private static T[] Values<T>(int count, Func<double> next)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[count];
        for (int i = 0; i < count; i++)
            values[i] = T.CreateChecked(next());
        return values;
    }
}
