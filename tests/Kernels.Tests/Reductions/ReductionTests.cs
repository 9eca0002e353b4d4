using System.Numerics;
using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class ReductionTests
{
    private static readonly (int Outer, int Axis, int Inner)[] Shapes =
        [(1, 1, 1), (3, 5, 1), (2, 65, 1), (1, 7, 3), (2, 3, 17), (3, 4, 65), (1, 40, 130), (0, 3, 2), (2, 3, 0), (2, 0, 3), (4, 1, 9)];

    [Fact]
    public void Reductions_agree_with_their_plain_form()
    {
        CheckAll<float>();
        CheckAll<double>();

        static void CheckAll<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach ((int outer, int axis, int inner) in Shapes)
            {
                int n = outer * axis * inner;
                int m = outer * inner;
                AgreesWithPlain<T>([n], m, (x, y) => Reduction.Sum<T>(x[0], y, outer, axis, inner), 100);
                AgreesWithPlain<T>([n], m, (x, y) => Reduction.Mean<T>(x[0], y, outer, axis, inner));
                AgreesWithPlain<T>([n], m, (x, y) => Reduction.Variance<T>(x[0], new T[m], y, outer, axis, inner, 0), 32);
                AgreesWithPlain<T>([n, m, m], n, (x, y) => Reduction.VarianceGradient<T>(x[0], x[1], x[2], y, outer, axis, inner, 0));
                AgreesWithPlain<T>([m], n, (x, y) => Reduction.SumGradient(x[0], T.CreateChecked(0.7), y, outer, axis, inner), 0);
            }
        }
    }

    [Fact]
    public void Maxima_and_their_gradients_agree_with_their_plain_form_in_every_bit()
    {
        CheckAll<float>();
        CheckAll<double>();

        static void CheckAll<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach ((int outer, int axis, int inner) in Shapes.Where(shape => shape.Axis > 0))
            {
                int n = outer * axis * inner;
                int m = outer * inner;
                AgreesWithPlain<T>([n], m, (x, y) => Reduction.Max<T>(x[0], y, outer, axis, inner), 0);
                AgreesWithPlain<T>([n], m, (x, y) => Reduction.Max<T>(Ties(x[0], withNaN: true), y, outer, axis, inner), 0);
                AgreesWithPlain<T>([n, m], n, (x, y) => Gradient(Ties(x[0], withNaN: false), x[1], y), 0);
                AgreesWithPlain<T>([n, m], n, (x, y) => Gradient(Ties(x[0], withNaN: true), x[1], y), 0);

                void Gradient(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx)
                {
                    var y = new T[m];
                    Reduction.Max(x, y, outer, axis, inner);
                    Reduction.MaxGradient(x, y, dy, dx, outer, axis, inner);
                }
            }
        }

        // Whole numbers from −2 to 2, all below 0 in some rows, so that many are equal.
        static T[] Ties<T>(ReadOnlySpan<T> x, bool withNaN)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] ties = x.ToArray();
            for (int i = 0; i < ties.Length; i++)
                ties[i] = withNaN && i % 11 == 7 ? T.NaN : T.Round(ties[i]) - T.CreateChecked(i / 9 % 2 * 3);
            return ties;
        }
    }

    [Fact]
    public void Reductions_have_their_hand_worked_values()
    {
        // x[0] = (1 4; 2 8; 6 3) over its rows, x[1] = 10 x[0]
        double[] x = [1, 4, 2, 8, 6, 3, 10, 40, 20, 80, 60, 30];
        var y = new double[4];
        var mean = new double[4];
        Reduction.Sum<double>(x, y, 2, 3, 2);
        Assert.Equal([9, 15, 90, 150], y);
        Reduction.Max<double>(x, y, 2, 3, 2);
        Assert.Equal([6, 8, 60, 80], y);

        // (1 − 3)² + (2 − 3)² + (6 − 3)² = 14 and (4 − 5)² + (8 − 5)² + (3 − 5)² = 14
        Reduction.Variance<double>(x, mean, y, 2, 3, 2, correction: 1);
        Assert.Equal([3, 5, 30, 50], mean);
        Assert.Equal([7, 7, 700, 700], y);

        // dx = dy · 2 (x − mean) / (3 − 1)
        var dx = new double[12];
        Reduction.VarianceGradient<double>(x, mean, [1, 1, 1, 2], dx, 2, 3, 2, correction: 1);
        Assert.Equal([-2, -1, -1, 3, 3, -2, -20, -20, -10, 60, 30, -40], dx);
    }

    [Fact]
    public void Ties_share_the_gradient_of_a_maximum_evenly()
    {
        var dx = new double[4];
        Reduction.MaxGradient<double>([3, 1, 3, 2], [3], [6], dx, 1, 4, 1);
        Assert.Equal([3, 0, 3, 0], dx);
        var y = new double[1];
        Reduction.Max<double>([3, double.NaN, 1], y, 1, 3, 1);
        Assert.True(double.IsNaN(y[0]));
        Assert.Throws<ArgumentException>(() => Reduction.Max<double>([], new double[1], 1, 0, 1));
    }

    [Fact]
    public void A_sum_of_floats_is_added_in_double()
    {
        // 2²⁴ + 1 + 1 + … : single precision would never leave 2²⁴.
        float[] x = [1 << 24, .. Enumerable.Repeat(1f, 1000)];
        Assert.Equal((1 << 24) + 1000, Reduction.Sum<float>(x));
        Assert.Equal(Math.Pow(2, 48) + 1000, Reduction.SumOfSquares<float>(x));
        float[] halves = [.. Enumerable.Range(0, 200_003).Select(i => i % 16 / 16f)];
        Assert.Equal(halves.Sum(value => (double)value), Reduction.Sum<float>(halves), 0.01);
        Assert.Equal(halves.Sum(value => (double)value * value), Reduction.SumOfSquares<float>(halves), 1e-9);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        const int n = 300_007;
        IsTheSameOnAnyThreads<float>([n], 1, (x, y) => y[0] = Reduction.Sum<float>(x[0]));
        IsTheSameOnAnyThreads<double>([n], 1, (x, y) => y[0] = Reduction.SumOfSquares<double>(x[0]));
        IsTheSameOnAnyThreads<float>([300 * 1001], 3003, (x, y) => Reduction.Sum<float>(x[0], y, 3, 100, 1001));
        IsTheSameOnAnyThreads<float>([300 * 1001], 3003, (x, y) => Reduction.Max<float>(x[0], y, 3, 100, 1001));
        IsTheSameOnAnyThreads<float>([300 * 1001], 3003, (x, y) => Reduction.Variance<float>(x[0], new float[3003], y, 3, 100, 1001, 1));
        IsTheSameOnAnyThreads<float>(
            [300 * 1001, 3003, 3003], 300 * 1001, (x, y) => Reduction.VarianceGradient<float>(x[0], x[1], x[2], y, 3, 100, 1001, 1));
    }

    [Fact]
    public void A_non_finite_element_is_found_wherever_it_is()
    {
        foreach (bool plain in new[] { false, true })
        {
            foreach (int size in Sizes)
            {
                var x = new float[size];
                Assert.True(AllFinite());
                for (int i = 0; i < size; i++)
                {
                    x[i] = i % 3 == 0 ? float.NaN : i % 3 == 1 ? float.PositiveInfinity : float.NegativeInfinity;
                    Assert.False(AllFinite());
                    x[i] = float.MaxValue;
                }
                Assert.True(AllFinite());

                bool AllFinite()
                {
                    bool result = false;
                    if (plain)
                        Widths.Plainly(() => result = Reduction.AllFinite<float>(x));
                    else
                        result = Reduction.AllFinite<float>(x);
                    return result;
                }
            }
        }
    }
}
