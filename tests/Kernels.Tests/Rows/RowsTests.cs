using System.Numerics;
using System.Runtime.InteropServices;
using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class RowsTests
{
    private static readonly (int Rows, int Columns)[] Shapes =
        [(0, 5), (1, 1), (3, 1), (2, 2), (5, 3), (4, 7), (3, 15), (3, 16), (3, 17), (7, 24), (2, 31), (2, 33), (3, 64), (2, 65), (3, 130), (70, 5)];

    [Fact]
    public void Row_functions_agree_with_their_plain_form()
    {
        CheckAll<float>();
        CheckAll<double>();

        static void CheckAll<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach ((int rows, int columns) in Shapes)
            {
                int n = rows * columns;
                bool[] mask = [.. Enumerable.Range(0, n).Select(i => i * 5 % 7 > 2)];
                AgreesWithPlain<T>([n], n, (x, y) => Rows.Softmax<T>(x[0], [], y, columns));
                AgreesWithPlain<T>([n], n, (x, y) => Rows.Softmax<T>(x[0], mask, y, columns));
                AgreesWithPlain<T>([n], n, (x, y) => Rows.LogSoftmax<T>(x[0], y, columns), 32);
                AgreesWithPlain<T>([n], n, (x, y) => Rows.LogSoftmax<T>(x[0], mask, y, columns), 32);
                AgreesWithPlain<T>([n], n, (x, y) => InPlace(x[0], mask, y, columns), 32);
                AgreesWithPlain<T>([n, n], n, (x, y) => Rows.LogSoftmaxGradient<T>(WithHoles(x[0], mask), x[1], y, columns), 200);
                AgreesWithPlain<T>([n, n], n, (x, y) => Rows.SoftmaxGradient<T>(x[0], x[1], y, columns), 200);
                AgreesWithPlain<T>([n, n], n, (x, y) => Rows.LogSoftmaxGradient<T>(x[0], x[1], y, columns), 200);
                AgreesWithPlain<T>([n], columns, (x, y) => Rows.SumOverRows<T>(x[0], y, columns), 100);
            }
        }
    }

    [Fact]
    public void Softmax_of_several_groups_of_rows_and_of_rows_beyond_a_group_agrees_with_its_plain_form()
    {
        // 8 KB of elements are kept at hand: 2048 of single, 1024 of double precision.
        foreach ((int rows, int columns) in new[] { (37, 19), (21, 300), (5, 600), (3, 1023), (3, 1025), (3, 2047), (2, 2050) })
        {
            int n = rows * columns;
            bool[] mask = [.. Enumerable.Range(0, n).Select(i => i * 5 % 7 > 2)];
            AgreesWithPlain<float>([n], n, (x, y) => Rows.Softmax<float>(x[0], [], y, columns));
            AgreesWithPlain<float>([n], n, (x, y) => Rows.Softmax<float>(x[0], mask, y, columns));
            AgreesWithPlain<double>([n], n, (x, y) => Rows.Softmax<double>(x[0], [], y, columns));
            AgreesWithPlain<double>([n], n, (x, y) => Rows.Softmax<double>(x[0], mask, y, columns));
        }
    }

    private static void InPlace<T>(ReadOnlySpan<T> x, bool[] mask, Span<T> y, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        x.CopyTo(y);
        Rows.LogSoftmax(y, mask, y, columns);
    }

    // −∞ where the mask drops, as a masked log-softmax leaves it.
    private static T[] WithHoles<T>(ReadOnlySpan<T> x, bool[] mask)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] holes = x.ToArray();
        for (int i = 0; i < holes.Length; i++)
            holes[i] = mask[i] ? holes[i] : T.NegativeInfinity;
        return holes;
    }

    [Fact]
    public void Softmax_shifts_by_the_maximum()
    {
        Widths.ForEach(_ =>
        {
            // e⁻¹ : 1 : e over their sum, whatever is added to all three
            var y = new double[3];
            Rows.Softmax<double>([1e5 + 100, 1e5 + 101, 1e5 + 102], [], y, 3);
            double sum = Math.Exp(-2) + Math.Exp(-1) + 1;
            Assert.Equal(Math.Exp(-2) / sum, y[0], 1e-15);
            Assert.Equal(1 / sum, y[2], 1e-15);
        });
    }

    [Theory]
    [InlineData(3)]
    [InlineData(3000)]
    public void Softmax_of_one_NaN_among_minus_infinities_is_NaN_however_wide_the_row(int columns)
    {
        foreach (int place in (int[])[0, 1, columns - 1])
        {
            double[] x = new double[columns], y = new double[columns];
            Array.Fill(x, double.NegativeInfinity);
            Rows.Softmax(x, [], y, columns);
            Assert.All(y, value => Assert.Equal(0, value));
            x[place] = double.NaN;
            Rows.Softmax(x, [], y, columns);
            Assert.All(y, value => Assert.Equal(double.NaN, value));
        }
    }

    [Fact]
    public void Softmax_of_a_row_with_nothing_left_is_0_and_of_a_kept_NaN_is_NaN()
    {
        foreach (bool plain in new[] { false, true })
        {
            Widths.ForEach(_ =>
            {
                Execution.Plain = plain;
                try
                {
                    const float none = float.NegativeInfinity;
                    var y = new float[3];
                    Rows.Softmax([none, none, none], [], y, 3);
                    Assert.Equal([0, 0, 0], y);
                    Rows.Softmax([1, 2, 3], [false, false, false], y, 3);
                    Assert.Equal([0, 0, 0], y);
                    Rows.Softmax([5, none, 5], [], y, 3);
                    Assert.Equal([0.5f, 0, 0.5f], y);

                    // A NaN that the mask drops does not count.
                    Rows.Softmax([5, float.NaN, 5], [true, false, true], y, 3);
                    Assert.Equal([0.5f, 0, 0.5f], y);
                    Rows.Softmax([5, float.NaN, 5], [], y, 3);
                    Assert.All(y, value => Assert.True(float.IsNaN(value)));
                }
                finally
                {
                    Execution.Plain = false;
                }
            });
        }
    }

    [Fact]
    public void Log_softmax_with_a_mask_is_the_logarithm_of_the_masked_softmax()
    {
        const float none = float.NegativeInfinity;
        foreach (bool plain in new[] { false, true })
        {
            Widths.ForEach(_ =>
            {
                if (plain)
                    Widths.Plainly(Check);
                else
                    Check();
            });
        }

        static void Check()
        {
            foreach (int columns in Sizes.Where(size => size > 2))
            {
                // Two entries of 1005 are kept, the mask drops the others: ln ½ each.
                var x = new float[columns];
                var keep = new bool[columns];
                var y = new float[columns];
                Array.Fill(x, 2000);
                (x[0], x[^1]) = (1005, 1005);
                (keep[0], keep[^1]) = (true, true);
                Rows.LogSoftmax<float>(x, keep, y, columns);
                Assert.Equal(-MathF.Log(2), y[0], 1e-6f);
                Assert.Equal(-MathF.Log(2), y[^1], 1e-6f);
                Assert.All(y[1..^1], value => Assert.Equal(none, value));

                // What is dropped takes no gradient and adds none: dx = dy − ½ (dy₀ + dyₙ) of the two.
                var dy = new float[columns];
                var dx = new float[columns];
                Array.Fill(dy, 7);
                dy[0] = 3;
                Rows.LogSoftmaxGradient<float>(y, dy, dx, columns);
                Assert.Equal(-2, dx[0], 1e-5f);
                Assert.Equal(2, dx[^1], 1e-5f);
                Assert.All(dx[1..^1], value => Assert.Equal(0, value));

                // A NaN that the mask drops does not count, one that it keeps is seen.
                x[1] = float.NaN;
                Rows.LogSoftmax<float>(x, keep, y, columns);
                Assert.Equal(-MathF.Log(2), y[0], 1e-6f);
                Rows.LogSoftmax<float>(x, y, columns);
                Assert.All(y, value => Assert.True(float.IsNaN(value)));

                // Nothing is left: the logarithm of a row of zeros.
                Rows.LogSoftmax<float>(x, new bool[columns], y, columns);
                Assert.All(y, value => Assert.Equal(none, value));
                Array.Fill(x, none);
                Rows.LogSoftmax<float>(x, y, columns);
                Assert.All(y, value => Assert.Equal(none, value));
            }
        }
    }

    [Fact]
    public void Layer_normalization_agrees_with_its_plain_form()
    {
        CheckAll<float>();
        CheckAll<double>();

        static void CheckAll<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T epsilon = T.CreateChecked(1e-5);
            foreach ((int rows, int columns) in Shapes)
            {
                int n = rows * columns;
                int[] lengths = [n, columns, columns, rows, rows, n];

                // Two columns may be so close that the deviation magnifies every rounding.
                double roundings = columns < 3 ? 5000 : 300;
                AgreesWithPlain<T>(lengths, n, (x, y) => LayerNormalization.Forward<T>(x[0], x[1], x[2], epsilon, y, new T[rows], new T[rows], columns), roundings);
                AgreesWithPlain<T>(lengths, n, (x, y) => LayerNormalization.Forward<T>(x[0], [], [], epsilon, y, new T[rows], new T[rows], columns), roundings);
                AgreesWithPlain<T>(lengths, rows, (x, y) => LayerNormalization.Forward<T>(x[0], [], [], epsilon, new T[n], y, new T[rows], columns));
                AgreesWithPlain<T>(lengths, n, (x, y) => LayerNormalization.Backward<T>(x[0], x[1], x[3], x[4], x[5], y, [], [], columns), roundings);
                AgreesWithPlain<T>(lengths, n, (x, y) => LayerNormalization.Backward<T>(x[0], [], x[3], x[4], x[5], y, [], [], columns), roundings);
                AgreesWithPlain<T>(lengths, columns, (x, y) => LayerNormalization.Backward<T>(x[0], x[1], x[3], x[4], x[5], [], y, [], columns), roundings);
                AgreesWithPlain<T>(lengths, columns, (x, y) => LayerNormalization.Backward<T>(x[0], x[1], x[3], x[4], x[5], [], [], y, columns), roundings);
            }
        }
    }

    [Fact]
    public void Layer_normalization_keeps_its_digits_far_from_0()
    {
        // Values 10⁴ ± 1: E[x²] − E[x]² would leave no digit of the variance in single precision. x̂ = ±1, y = 2 x̂ + 3.
        Widths.ForEach(_ =>
        {
            float[] x = [.. Enumerable.Range(0, 34).Select(i => 10000f + (i % 2 == 0 ? 1 : -1))];
            var y = new float[34];
            Span<float> mean = stackalloc float[1];
            Span<float> inverse = stackalloc float[1];
            float[] two = [.. Enumerable.Repeat(2f, 34)];
            float[] three = [.. Enumerable.Repeat(3f, 34)];
            LayerNormalization.Forward<float>(x, two, three, 0, y, mean, inverse, 34);
            Assert.Equal(10000, mean[0]);
            Assert.Equal(1, inverse[0]);
            Assert.All(Enumerable.Range(0, 34), i => Assert.Equal(i % 2 == 0 ? 5 : 1, y[i]));
        });
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        const int rows = 601;
        const int columns = 257;
        const int n = rows * columns;
        IsTheSameOnAnyThreads<float>([n], n, (x, y) => Rows.Softmax<float>(x[0], [], y, columns));
        IsTheSameOnAnyThreads<float>([n], columns, (x, y) => Rows.SumOverRows<float>(x[0], y, columns));
        IsTheSameOnAnyThreads<float>([n, columns, rows, rows, n], columns, (x, y) => LayerNormalization.Backward<float>(x[0], x[1], x[2], x[3], x[4], [], y, [], columns));
        IsTheSameOnAnyThreads<double>([n, columns, rows, rows, n], n, (x, y) => LayerNormalization.Backward<double>(x[0], x[1], x[2], x[3], x[4], y, [], [], columns));
    }

    [Fact]
    public void Softmax_of_short_rows_is_the_same_on_any_threads()
    {
        const int columns = 24;
        const int n = 12_001 * columns;
        bool[] mask = [.. Enumerable.Range(0, n).Select(i => i % 7 != 3)];
        IsTheSameOnAnyThreads<float>([n], n, (x, y) => Rows.Softmax<float>(x[0], [], y, columns));
        IsTheSameOnAnyThreads<float>([n], n, (x, y) => Rows.Softmax<float>(x[0], mask, y, columns));
        IsTheSameOnAnyThreads<float>([n, n], n, (x, y) => Rows.SoftmaxGradient<float>(x[0], x[1], y, columns));
    }

    // Aligned and unaligned rows are stored by different instructions where the result is larger than the caches.
    [Fact]
    public void Softmax_that_is_stored_past_the_caches_has_the_same_bits()
    {
        const int columns = 512;
        const int n = 9000 * columns;
        float[] x = [.. Enumerable.Range(0, n).Select(i => (float)Math.Sin(i))];
        float[] dy = [.. Enumerable.Range(0, n).Select(i => (float)Math.Cos(i))];
        float[] memory = GC.AllocateUninitializedArray<float>(n + 32, pinned: true);
        int aligned = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0) & 63) / sizeof(float);
        Widths.ForEach(_ =>
        {
            float[] y = Softmax(aligned + 1);
            Assert.True(MemoryMarshal.AsBytes<float>(y).SequenceEqual(MemoryMarshal.AsBytes<float>(Softmax(aligned))));
            Assert.True(MemoryMarshal.AsBytes<float>(Gradient(y, aligned + 1)).SequenceEqual(MemoryMarshal.AsBytes<float>(Gradient(y, aligned))));
        });

        float[] Softmax(int start)
        {
            Rows.Softmax<float>(x, [], memory.AsSpan(start, n), columns);
            return memory.AsSpan(start, n).ToArray();
        }

        float[] Gradient(float[] y, int start)
        {
            Rows.SoftmaxGradient<float>(y, dy, memory.AsSpan(start, n), columns);
            return memory.AsSpan(start, n).ToArray();
        }
    }

    [Fact]
    public void Lengths_that_are_no_whole_rows_are_refused() =>
        Assert.Throws<ArgumentException>(() => Rows.Softmax<float>(new float[7], [], new float[7], 3));
}
