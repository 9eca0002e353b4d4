using System.Numerics;
using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class ElementwiseTests
{
    private static (string Name, Kernel<T> Kernel)[] Unary<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T Number(double value) => T.CreateChecked(value);
        return
        [
            ("negate", (x, y) => Elementwise.Negate<T>(x[0], y)),
            ("scale", (x, y) => Elementwise.Scale(x[0], Number(1.7), y)),
            ("exp", (x, y) => Elementwise.Exp<T>(x[0], y)),
            ("log", (x, y) => Elementwise.Log<T>(x[0], y)),
            ("sqrt", (x, y) => Elementwise.Sqrt<T>(x[0], y)),
            ("abs", (x, y) => Elementwise.Abs<T>(x[0], y)),
            ("tanh", (x, y) => Elementwise.Tanh<T>(x[0], y)),
            ("sigmoid", (x, y) => Elementwise.Sigmoid<T>(x[0], y)),
            ("erf", (x, y) => Elementwise.Erf<T>(x[0], y)),
            ("relu", (x, y) => Elementwise.Relu<T>(x[0], y)),
            ("gelu", (x, y) => Elementwise.Gelu<T>(x[0], y)),
            ("gelu tanh", (x, y) => Elementwise.GeluTanh<T>(x[0], y)),
            .. new[] { 2, 3, 0.5, -1, -0.5, 1.5, 0 }.Select(p => ($"power {p}", (Kernel<T>)((x, y) => Elementwise.Power(x[0], Number(p), y)))),
        ];
    }

    private static (string Name, Kernel<T> Kernel)[] Binary<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T Number(double value) => T.CreateChecked(value);
        return
        [
            ("add", (x, y) => Elementwise.Add<T>(x[0], x[1], y)),
            ("subtract", (x, y) => Elementwise.Subtract<T>(x[0], x[1], y)),
            ("multiply", (x, y) => Elementwise.Multiply<T>(x[0], x[1], y)),
            ("divide", (x, y) => Elementwise.Divide<T>(x[0], x[1], y)),
            ("accumulate", (x, y) => Elementwise.Accumulate<T>(x[1], y)),
            ("tanh gradient", (x, y) => Elementwise.TanhGradient<T>(x[0], x[1], y)),
            ("sigmoid gradient", (x, y) => Elementwise.SigmoidGradient<T>(x[0], x[1], y)),
            ("sqrt gradient", (x, y) => Elementwise.SqrtGradient<T>(x[0], x[1], y)),
            ("relu gradient", (x, y) => Elementwise.ReluGradient<T>(x[0], x[1], y)),
            ("abs gradient", (x, y) => Elementwise.AbsGradient<T>(x[0], x[1], y)),
            ("gelu gradient", (x, y) => Elementwise.GeluGradient<T>(x[0], x[1], y)),
            ("gelu tanh gradient", (x, y) => Elementwise.GeluTanhGradient<T>(x[0], x[1], y)),
            ("divide gradient", (x, y) => Elementwise.DivideGradient<T>(x[0], x[1], x[1], y)),
            .. new[] { 2, 3, 0.5, -1, -0.5, 1.5, 0 }.Select(p => ($"power gradient {p}", (Kernel<T>)((x, y) => Elementwise.PowerGradient(x[0], Number(p), x[1], y)))),
        ];
    }

    [Fact]
    public void Functions_agree_with_their_plain_form_at_every_size_and_width()
    {
        CheckAll<float>();
        CheckAll<double>();

        static void CheckAll<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach (int size in Sizes)
            {
                foreach ((_, Kernel<T> kernel) in Unary<T>())
                    AgreesWithPlain([size], size, kernel);
                foreach ((_, Kernel<T> kernel) in Binary<T>())
                    AgreesWithPlain([size, size], size, kernel, keepsOutput: true);
            }
        }
    }

    [Fact]
    public void Shorter_operands_are_repeated()
    {
        foreach ((int left, int right, int output) in new[] { (66, 3, 66), (1, 66, 66), (66, 1, 66), (22, 33, 66), (1, 1, 66), (2, 66, 66), (1, 3, 3), (100, 100, 300) })
        {
            AgreesWithPlain<float>([left, right], output, (x, y) => Elementwise.Divide<float>(x[0], x[1], y));
            AgreesWithPlain<double>([left, right], output, (x, y) => Elementwise.Subtract<double>(x[0], x[1], y));
            AgreesWithPlain<double>([left, right, output], output, (x, y) => Elementwise.DivideGradient<double>(x[0], x[1], x[2], y));
        }
    }

    [Fact]
    public void The_plain_form_repeats_a_short_operand_from_its_start()
    {
        var y = new double[6];
        Widths.Plainly(() => Elementwise.Subtract<double>([10, 20, 30, 40, 50, 60], [1, 2, 3], y));
        Assert.Equal([9, 18, 27, 39, 48, 57], y);
    }

    [Fact]
    public void The_output_may_be_the_input()
    {
        Widths.ForEach(_ =>
        {
            float[] x = [.. Enumerable.Range(0, 37).Select(i => i / 7f)];
            var expected = new float[37];
            Elementwise.Exp<float>(x, expected);
            Elementwise.Exp<float>(x, x);
            Assert.Equal(expected, x);
        });
    }

    [Fact]
    public void Select_follows_its_condition()
    {
        foreach (int size in Sizes)
        {
            bool[] mask = [.. Enumerable.Range(0, size + 1).Select(i => i * 7 % 3 != 0)];
            AgreesWithPlain<float>([size, size], size, (x, y) => Elementwise.Select<float>(mask.AsSpan(1), x[0], x[1], y), 0);
            AgreesWithPlain<double>([size, size], size, (x, y) => Elementwise.Select<double>(mask.AsSpan(1), x[0], x[1], y), 0);
            AgreesWithPlain<float>([3 * size, 1], 3 * size, (x, y) => Elementwise.Select<float>(mask.AsSpan(1), x[0], x[1], y), 0);
        }
        var filled = new float[4];
        Elementwise.Select<float>([true, false], [1, 2, 3, 4], [-1], filled);
        Assert.Equal([1, -1, 3, -1], filled);
    }

    [Fact]
    public void Kinks_have_gradient_0()
    {
        var dx = new double[1];
        Elementwise.ReluGradient<double>([0], [5], dx);
        Assert.Equal(0, dx[0]);
        Elementwise.AbsGradient<double>([0], [5], dx);
        Assert.Equal(0, dx[0]);
    }

    [Fact]
    public void Gelu_has_its_known_values()
    {
        // Φ(1) = 0.841344746068542948585…, the tanh form at 1 is 0.841191990608276705…
        var y = new double[2];
        Elementwise.Gelu<double>([1, -1], y);
        Assert.Equal(0.84134474606854293, y[0], 1e-15);
        Assert.Equal(-0.15865525393145707, y[1], 1e-15);
        Elementwise.GeluTanh<double>([1, 0], y);
        Assert.Equal(0.84119199060827671, y[0], 1e-15);
    }

    [Fact]
    public void The_tanh_form_of_gelu_has_slope_0_or_1_far_out()
    {
        float[] x = [-3e30f, -1e20f, -40, 40, 1e20f, 3e30f], ones = [1, 1, 1, 1, 1, 1], slope = new float[6];
        Widths.ForEach(_ =>
        {
            Elementwise.GeluTanhGradient<float>(x, ones, slope);
            Assert.Equal([0, 0, 0, 1, 1, 1], slope);
        });
        Widths.Plainly(() => Elementwise.GeluTanhGradient<float>(x, ones, slope));
        Assert.Equal([0, 0, 0, 1, 1, 1], slope);
    }

    [Fact]
    public void Gelu_of_floats_is_that_of_doubles()
    {
        // In units of 2⁻²⁴ of the result's factor: above 0, where Φ lies between ½ and 1, 2.4 were seen. Below, where Φ falls to 1e-23, 5.4 and x²,
        // because exp makes a relative error of its argument x²/2 an absolute one.
        float[] x = [.. Enumerable.Range(-10_000, 16_000).Select(i => i / 1000f)];
        double[] twice = [.. x.Select(value => (double)value)];
        var expected = new double[x.Length];
        var y = new float[x.Length];
        Widths.ForEach(bits =>
        {
            Elementwise.Gelu<double>(twice, expected);
            Elementwise.Gelu<float>(x, y);
            for (int i = 0; i < x.Length; i++)
            {
                double bound = x[i] < 0 ? (6 + (x[i] * x[i])) * Math.Abs(expected[i]) : 3 * x[i];

                // The double form is ½ + ½ erf: below 0 it has no more digits than an absolute 1e-16 leaves.
                Assert.InRange(y[i], expected[i] - (bound * Math.Pow(2, -24)) - 1e-15, expected[i] + (bound * Math.Pow(2, -24)) + 1e-15);
            }

            // φ + … has the same parts: the derivative of x Φ(x) is Φ(x) + x φ(x).
            float[] ones = [.. Enumerable.Repeat(1f, x.Length)];
            double[] doubleOnes = [.. Enumerable.Repeat(1.0, x.Length)];
            Elementwise.GeluGradient<double>(twice, doubleOnes, expected);
            Elementwise.GeluGradient<float>(x, ones, y);
            for (int i = 0; i < x.Length; i++)
                Assert.InRange(y[i], expected[i] - 3e-7, expected[i] + 3e-7);
        });
    }

    [Fact]
    public void Gelu_with_its_slope_has_the_bits_of_each_alone()
    {
        Check<float>();
        Check<double>();
        Widths.Plainly(Check<double>);

        static void Check<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => Widths.ForEach(_ =>
        {
            foreach (int size in Sizes)
            {
                T[] x = [.. Enumerable.Range(0, size).Select(i => T.CreateChecked((i * 7 % 40 / 4.0) - 5))];
                T[] dy = [.. Enumerable.Range(0, size).Select(i => T.CreateChecked((i % 5) - 1.5))];
                T[] y = new T[size], slope = new T[size], expected = new T[size];
                Elementwise.GeluWithSlope<T>(x, y, slope);
                Elementwise.Gelu<T>(x, expected);
                Assert.Equal(expected, y);
                Elementwise.Multiply<T>(dy, slope, y);
                Elementwise.GeluGradient<T>(x, dy, expected);
                Assert.Equal(expected, y);
            }
        });
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        const int size = 200_003;
        IsTheSameOnAnyThreads<float>([size], size, (x, y) => Elementwise.Gelu<float>(x[0], y));
        IsTheSameOnAnyThreads<float>([size, size], size, (x, y) => Elementwise.Multiply<float>(x[0], x[1], y));
        IsTheSameOnAnyThreads<double>([3 * 50_001, 3], 3 * 50_001, (x, y) => Elementwise.Multiply<double>(x[0], x[1], y));
        AgreesWithPlain<float>([3 * 50_001, 50_001], 3 * 50_001, (x, y) => Elementwise.Add<float>(x[0], x[1], y));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused_with_both_sizes()
    {
        var error = Assert.Throws<ArgumentException>(() => Elementwise.Add<float>(new float[6], new float[4], new float[6]));
        Assert.Contains("right has 4 elements, which does not divide the output's 6", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Elementwise.Exp<float>(new float[5], new float[6]));
        Assert.Throws<ArgumentException>(() => Elementwise.Add<float>([], new float[4], new float[4]));
    }
}
