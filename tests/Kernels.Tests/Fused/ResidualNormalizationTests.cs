using System.Numerics;
using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class ResidualNormalizationTests
{
    private static readonly RandomKey key = new(0x1234_5678_9ABC_DEF0, 7, 11, 3);

    // Rows within a stretch of random numbers, rows longer than one, and enough of them for several blocks.
    private static readonly (int Rows, int Columns)[] Shapes =
        [(0, 5), (1, 3), (3, 17), (5, 24), (2, 33), (3, 130), (2, 1023), (3, 1025), (2, 2500), (300, 100), (2500, 24)];

    [Fact]
    public void Forward_is_dropout_addition_and_layer_normalization()
    {
        CheckAll<float>();
        CheckAll<double>();

        static void CheckAll<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach ((int rows, int columns) in Shapes)
            {
                int n = rows * columns;
                Inputs<T> x = new(n, n, columns, columns);
                foreach (T rate in new[] { T.Zero, T.CreateChecked(0.1) })
                {
                    T epsilon = T.CreateChecked(1e-5);
                    SameBits.As<T>(
                        [n, n, rows, rows],
                        y => ResidualNormalization.Forward<T>(x[0], x[1], rate, key, x[2], x[3], epsilon, y[0], y[1], y[2], y[3], columns),
                        y =>
                        {
                            Dropout.Forward<T>(x[1], rate, key, y[0]);
                            Elementwise.Add<T>(x[0], y[0], y[0]);
                            LayerNormalization.Forward<T>(y[0], x[2], x[3], epsilon, y[1], y[2], y[3], columns);
                        });
                }
            }
        }
    }

    [Fact]
    public void Backward_is_that_of_layer_normalization_and_dropout()
    {
        CheckAll<float>();
        CheckAll<double>();

        static void CheckAll<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach ((int rows, int columns) in Shapes)
            {
                int n = rows * columns;
                Inputs<T> x = new(n, columns, rows, rows, n);
                foreach (T rate in new[] { T.Zero, T.CreateChecked(0.1) })
                {
                    SameBits.As<T>(
                        [n, n, columns, columns],
                        y => ResidualNormalization.Backward<T>(x[0], rate, key, x[1], x[2], x[3], x[4], y[0], y[1], y[2], y[3], columns),
                        y =>
                        {
                            LayerNormalization.Backward<T>(x[0], x[1], x[2], x[3], x[4], y[0], y[2], y[3], columns);
                            Dropout.Forward<T>(y[0], rate, key, y[1]);
                        });
                }
            }
        }
    }

    [Fact]
    public void Both_agree_with_their_plain_form()
    {
        foreach ((int rows, int columns) in Shapes.Where(shape => shape.Rows * shape.Columns < 10_000))
        {
            int n = rows * columns;
            int[] lengths = [n, n, columns, columns, rows, rows];
            const double rate = 0.3;
            AgreesWithPlain<double>(lengths, n, (x, y) => ResidualNormalization.Forward(
                x[0], x[1], rate, key, x[2], x[3], 1e-5, new double[n], y, new double[rows], new double[rows], columns), 5000);
            AgreesWithPlain<double>(lengths, n, (x, y) => ResidualNormalization.Backward(
                x[0], rate, key, x[2], x[4], x[5], x[1], y, new double[n], new double[columns], new double[columns], columns), 5000);
            AgreesWithPlain<double>(lengths, n, (x, y) => ResidualNormalization.Backward(
                x[0], rate, key, x[2], x[4], x[5], x[1], new double[n], y, new double[columns], new double[columns], columns), 5000);
            AgreesWithPlain<double>(lengths, columns, (x, y) => ResidualNormalization.Backward(
                x[0], rate, key, x[2], x[4], x[5], x[1], new double[n], new double[n], y, new double[columns], columns), 5000);
            AgreesWithPlain<double>(lengths, columns, (x, y) => ResidualNormalization.Backward(
                x[0], rate, key, x[2], x[4], x[5], x[1], new double[n], new double[n], [], y, columns), 5000);
        }
    }

    [Fact]
    public void Outputs_may_take_the_place_of_inputs()
    {
        const int rows = 40;
        const int columns = 100;
        const int n = rows * columns;
        Inputs<float> x = new(n, n, columns, columns, rows, rows, n);
        SameBits.As<float>(
            [n, n],
            y =>
            {
                // s in place of y, z in place of s
                x[1].CopyTo(y[0]);
                ResidualNormalization.Forward<float>(x[0], y[0], 0.1f, key, x[2], x[3], 1e-5f, y[0], y[0], new float[rows], new float[rows], columns);

                // ∂L/∂x in place of ∂L/∂z, ∂L/∂y in place of ∂L/∂x
                x[6].CopyTo(y[1]);
                ResidualNormalization.Backward<float>(x[0], 0.1f, key, x[2], x[4], x[5], y[1], y[1], y[1], [], [], columns);
            },
            y =>
            {
                ResidualNormalization.Forward<float>(x[0], x[1], 0.1f, key, x[2], x[3], 1e-5f, new float[n], y[0], new float[rows], new float[rows], columns);
                ResidualNormalization.Backward<float>(x[0], 0.1f, key, x[2], x[4], x[5], x[6], new float[n], y[1], new float[columns], [], columns);
            });
    }

    [Fact]
    public void A_residual_with_dropout_is_dropout_and_addition()
    {
        foreach (int n in Sizes.Append(1500).Append(200_003))
        {
            Inputs<float> x = new(n, n);
            foreach (float rate in new[] { 0, 0.4f })
            {
                SameBits.As<float>(
                    [n],
                    y => ResidualDropout.Forward<float>(x[0], x[1], rate, key, y[0]),
                    y =>
                    {
                        Dropout.Forward<float>(x[1], rate, key, y[0]);
                        Elementwise.Add<float>(x[0], y[0], y[0]);
                    });
            }
            AgreesWithPlain<float>([n, n], n, (a, y) => ResidualDropout.Forward(a[0], a[1], 0.4f, key, y), 0);
            AgreesWithPlain<double>([n, n], n, (a, y) => ResidualDropout.Forward(a[0], a[1], 0.4, key, y), 0);
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => ResidualNormalization.Forward<float>(
            new float[6], new float[6], 0, key, [], [], 0, new float[5], new float[6], new float[2], new float[2], 3));
        Assert.Contains("sum has 5 elements, expected 6", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ResidualNormalization.Backward<float>(
            new float[6], 0, key, [], new float[2], new float[2], new float[6], [], [], [], [], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => ResidualDropout.Forward<float>(new float[6], new float[6], 1, key, new float[6]));
    }
}
