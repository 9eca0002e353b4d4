using Transformer.Kernels;
using Xunit;

namespace Kernels.Tests;

/// <summary>How far the elementary functions are from the truth, in units in the last place of the result.</summary>
[Collection(SetsExecution.Name)]
public class AccuracyTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private delegate void Kernel<T>(ReadOnlySpan<T> input, Span<T> output);

    [Fact]
    public void Exp_of_doubles_is_within_1_ulp() => CheckDoubles(Elementwise.Exp, ReferenceValues.Exp, 1);

    [Fact]
    public void Log_of_doubles_is_within_1_ulp() => CheckDoubles(Elementwise.Log, ReferenceValues.Log, 1);

    [Fact]
    public void Tanh_of_doubles_is_within_3_ulp() => CheckDoubles(Elementwise.Tanh, ReferenceValues.Tanh, 3);

    [Fact]
    public void Sigmoid_of_doubles_is_within_3_ulp() => CheckDoubles(Elementwise.Sigmoid, ReferenceValues.Sigmoid, 3);

    [Fact]
    public void Erf_of_doubles_is_within_2_ulp() => CheckDoubles(Elementwise.Erf, ReferenceValues.Erf, 2);

    // Three roundings a term over some 40 terms that matter: at most 60 ulp, as its comment says.
    [Fact]
    public void The_plain_erf_of_doubles_is_good_to_1e_14()
    {
        double worst = ReferenceValues.Erf.Max(point => Math.Abs((ScalarMath.Erf(point.X) / point.Y) - 1));
        Assert.InRange(worst, 0, 1e-14);
    }

    // Double-precision functions are exact for this purpose: their error is 2⁻²⁹ of a float's last place.
    [Fact]
    public void Exp_of_floats_is_within_1_ulp() => CheckFloats(Elementwise.Exp, Math.Exp, -104, 89, 1);

    [Fact]
    public void Log_of_floats_is_within_1_ulp()
    {
        CheckFloats(Elementwise.Log, Math.Log, 0, 4, 1);
        CheckFloats(Elementwise.Log, Math.Log, 0, 1e-37f, 1);
        CheckFloats(Elementwise.Log, Math.Log, 4, 3e38f, 1);
    }

    [Fact]
    public void Tanh_of_floats_is_within_2_ulp()
    {
        CheckFloats(Elementwise.Tanh, Math.Tanh, -10, 10, 2);
        CheckFloats(Elementwise.Tanh, Math.Tanh, -0.01f, 0.01f, 2);
    }

    // 1 ulp of exp, up to 1 of the sum 1 + e (½ of an ulp that is twice the result's) and ½ of the division.
    [Fact]
    public void Sigmoid_of_floats_is_within_5_halves_of_an_ulp() => CheckFloats(Elementwise.Sigmoid, x => 1 / (1 + Math.Exp(-x)), -103, 30, 2.5);

    [Fact]
    public void Erf_of_floats_is_within_2_ulp()
    {
        CheckFloats(Elementwise.Erf, ScalarMath.Erf, -4.5f, 4.5f, 2);
        CheckFloats(Elementwise.Erf, ScalarMath.Erf, -0.01f, 0.01f, 2);
    }

    [Fact]
    public void Special_values_are_those_of_the_mathematics()
    {
        double infinity = double.PositiveInfinity;
        Widths.ForEach(_ =>
        {
            CheckSpecial(Elementwise.Exp, Elementwise.Exp, (double.NaN, double.NaN), (infinity, infinity), (-infinity, 0), (0, 1), (-0.0, 1), (1e5, infinity), (-1e5, 0));
            CheckSpecial(Elementwise.Log, Elementwise.Log, (double.NaN, double.NaN), (infinity, infinity), (-infinity, double.NaN), (-1, double.NaN), (0, -infinity), (-0.0, -infinity), (1, 0));
            CheckSpecial(Elementwise.Tanh, Elementwise.Tanh, (double.NaN, double.NaN), (infinity, 1), (-infinity, -1), (0, 0), (-0.0, -0.0), (50, 1), (-50, -1));
            CheckSpecial(Elementwise.Erf, Elementwise.Erf, (double.NaN, double.NaN), (infinity, 1), (-infinity, -1), (0, 0), (-0.0, -0.0), (7, 1), (-7, -1));
            CheckSpecial(Elementwise.Sigmoid, Elementwise.Sigmoid, (double.NaN, double.NaN), (infinity, 1), (-infinity, 0), (0, 0.5), (-0.0, 0.5), (1e4, 1), (-1e4, 0));
            CheckSpecial(Elementwise.Relu, Elementwise.Relu, (double.NaN, double.NaN), (infinity, infinity), (-infinity, 0), (0, 0), (-3, 0), (3, 3));
        });
    }

    [Fact]
    public void Subnormal_numbers_are_kept()
    {
        Widths.ForEach(_ =>
        {
            var tiny = new float[17];
            Array.Fill(tiny, 3 * float.Epsilon);
            var y = new float[17];
            Elementwise.Tanh<float>(tiny, y);
            Assert.Equal(tiny, y);

            // erf x = 2/√π x: 3 ε · 1.128 = 3.39 ε, nearest 3 ε
            Elementwise.Erf<float>(tiny, y);
            Assert.Equal(tiny, y);

            // exp(−100) is subnormal as a float, exp(−740) as a double.
            Elementwise.Exp<float>([-100], y.AsSpan(0, 1));
            Assert.Equal((float)Math.Exp(-100), y[0]);
            var z = new double[1];
            Elementwise.Exp<double>([-740], z);
            Assert.Equal(Math.Exp(-740), z[0]);
        });
    }

    private void CheckDoubles(Kernel<double> kernel, (double X, double Y)[] reference, double bound)
    {
        double[] x = [.. reference.Select(point => point.X)];
        Widths.ForEach(bits =>
        {
            var y = new double[x.Length];
            kernel(x, y);
            int worst = Enumerable.Range(0, x.Length).MaxBy(i => Ulps(y[i], reference[i].Y));
            double error = Ulps(y[worst], reference[worst].Y);
            output.WriteLine($"{bits} bits: {error} ulp at {x[worst]}");
            Assert.True(error <= bound, $"{bits} bits: {error} ulp at x = {x[worst]:R}: {y[worst]:R}, expected {reference[worst].Y:R}");
        });
    }

    private void CheckFloats(Kernel<float> kernel, Func<double, double> reference, float low, float high, double bound)
    {
        const int count = 200_003;
        float[] x = [.. Enumerable.Range(0, count).Select(i => low + ((high - low) * (i / (float)count)))];
        Widths.ForEach(bits =>
        {
            var y = new float[count];
            kernel(x, y);
            double worst = 0;
            float at = 0;
            for (int i = 0; i < count; i++)
            {
                double error = FloatUlps(y[i], reference(x[i]));
                if (error > worst)
                    (worst, at) = (error, x[i]);
            }
            output.WriteLine($"{bits} bits: {worst} ulp at {at}");
            Assert.True(worst <= bound, $"{bits} bits: {worst} ulp at x = {at:R}");
        });
    }

    // Against an exact value, so that 0.5 is the best there is.
    private static double FloatUlps(float actual, double exact)
    {
        if (actual == exact || (float.IsInfinity(actual) && float.IsInfinity((float)exact)))
            return 0;
        float rounded = Math.Abs((float)exact);
        return Math.Abs(actual - exact) / (MathF.BitIncrement(rounded) - rounded);
    }

    private static double Ulps(double actual, double expected) =>
        actual == expected ? 0 : Math.Abs(actual - expected) / (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));

    private static void CheckSpecial(Kernel<float> single, Kernel<double> twice, params (double X, double Y)[] points)
    {
        // Repeated, so that each value meets whole vectors and the rest.
        double[] x = [.. Enumerable.Range(0, 67).Select(i => points[i % points.Length].X)];
        var y = new double[67];
        twice(x, y);
        var z = new float[67];
        single([.. x.Select(value => (float)value)], z);
        for (int i = 0; i < 67; i++)
        {
            // Bits, because −0 is not 0 here (any NaN is NaN).
            double expected = points[i % points.Length].Y;
            Assert.True(BitConverter.DoubleToInt64Bits(y[i]) == BitConverter.DoubleToInt64Bits(expected) || (double.IsNaN(y[i]) && double.IsNaN(expected)), $"double: f({x[i]}) = {y[i]}");
            Assert.True(BitConverter.SingleToInt32Bits(z[i]) == BitConverter.SingleToInt32Bits((float)expected) || (float.IsNaN(z[i]) && double.IsNaN(expected)), $"float: f({x[i]}) = {z[i]}");
        }
    }
}
