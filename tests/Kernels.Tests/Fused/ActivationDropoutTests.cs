using System.Numerics;
using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class ActivationDropoutTests
{
    private static readonly RandomKey key = new(0x1234_5678_9ABC_DEF0, 7, 11, 3);

    private static readonly (int Rows, int Columns)[] Shapes =
        [(0, 5), (1, 1), (3, 17), (5, 24), (2, 33), (3, 130), (2, 1023), (3, 1025), (2, 2500), (300, 100), (2500, 24)];

    private delegate void Function<T>(ReadOnlySpan<T> x, Span<T> y);

    private delegate void Gradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx);

    private static Function<T> Of<T>(ActivationFunction function)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        function switch
        {
            ActivationFunction.Relu => Elementwise.Relu,
            ActivationFunction.Gelu => Elementwise.Gelu,
            _ => Elementwise.GeluTanh,
        };

    private static Gradient<T> GradientOf<T>(ActivationFunction function)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        function switch
        {
            ActivationFunction.Relu => Elementwise.ReluGradient,
            ActivationFunction.Gelu => Elementwise.GeluGradient,
            _ => Elementwise.GeluTanhGradient,
        };

    private static void ForEachCase<T>(Action<int, int, ActivationFunction, T> test)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach ((int rows, int columns) in Shapes)
        {
            foreach (ActivationFunction function in Enum.GetValues<ActivationFunction>())
            {
                test(rows, columns, function, T.Zero);
                test(rows, columns, function, T.CreateChecked(0.1));
            }
        }
    }

    [Fact]
    public void Forward_is_the_function_and_dropout()
    {
        ForEachCase<float>(Check);
        ForEachCase<double>(Check);

        static void Check<T>(int rows, int columns, ActivationFunction function, T rate)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = rows * columns;
            Inputs<T> x = new(n);
            SameBits.As<T>(
                [n, n],
                y =>
                {
                    ActivationDropout.Forward<T>(x[0], function, rate, key, y[0], columns);
                    x[0].CopyTo(y[1]);
                    ActivationDropout.Forward<T>(y[1], function, rate, key, y[1], columns);
                },
                y =>
                {
                    Of<T>(function)(x[0], y[0]);
                    Dropout.Forward<T>(y[0], rate, key, y[0]);
                    y[0].CopyTo(y[1], 0);
                });
        }
    }

    [Fact]
    public void Backward_is_dropout_and_the_derivative()
    {
        ForEachCase<float>(Check);
        ForEachCase<double>(Check);

        static void Check<T>(int rows, int columns, ActivationFunction function, T rate)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = rows * columns;
            Inputs<T> x = new(n, n);
            SameBits.As<T>(
                [n, n, columns],
                y =>
                {
                    ActivationDropout.Backward<T>(x[0], function, rate, key, x[1], y[0], y[2], columns);
                    x[1].CopyTo(y[1]);
                    ActivationDropout.Backward<T>(x[0], function, rate, key, y[1], y[1], [], columns);
                },
                y =>
                {
                    Dropout.Forward<T>(x[1], rate, key, y[0]);
                    GradientOf<T>(function)(x[0], y[0], y[0]);
                    y[0].CopyTo(y[1], 0);
                    SumOfBlocks<T>(y[0], columns, y[2]);
                });
        }
    }

    // The order in which a bias gradient is added up: first within each block of rows.
    private static void SumOfBlocks<T>(ReadOnlySpan<T> x, int columns, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowBlocks blocks = new(x.Length / columns, columns);
        sums.Clear();
        var part = new T[columns];
        for (int block = 0; block < blocks.Count; block++)
        {
            Rows.SumOverRows(x[(blocks.Start(block) * columns)..(blocks.Start(block + 1) * columns)], part, columns);
            Elementwise.Accumulate<T>(part, sums);
        }
    }

    [Fact]
    public void Relu_needs_its_output_alone()
    {
        foreach ((int rows, int columns) in Shapes)
        {
            int n = rows * columns;
            Inputs<float> x = new(n, n);
            foreach (float rate in new[] { 0, 0.5f })
            {
                SameBits.As<float>(
                    [n, columns],
                    y =>
                    {
                        ActivationDropout.Forward<float>(x[0], ActivationFunction.Relu, rate, key, y[0], columns);
                        ActivationDropout.ReluBackward<float>(y[0], rate, x[1], y[0], y[1], columns);
                    },
                    y => ActivationDropout.Backward<float>(x[0], ActivationFunction.Relu, rate, key, x[1], y[0], y[1], columns));
            }
        }
    }

    [Fact]
    public void Both_agree_with_their_plain_form()
    {
        foreach ((int rows, int columns) in Shapes.Where(shape => shape.Rows * shape.Columns < 10_000))
        {
            int n = rows * columns;
            int[] lengths = [n, n];
            foreach (ActivationFunction function in Enum.GetValues<ActivationFunction>())
            {
                const double rate = 0.3;
                AgreesWithPlain<double>(lengths, n, (x, y) => ActivationDropout.Forward(x[0], function, rate, key, y, columns));
                AgreesWithPlain<float>(lengths, n, (x, y) => ActivationDropout.Forward(x[0], function, 0, key, y, columns));
                AgreesWithPlain<double>(lengths, n, (x, y) => ActivationDropout.Backward(x[0], function, rate, key, x[1], y, [], columns), 64);
                AgreesWithPlain<double>(lengths, columns, (x, y) => ActivationDropout.Backward(x[0], function, rate, key, x[1], new double[n], y, columns), 200);
            }
            AgreesWithPlain<double>(lengths, n, (x, y) => ActivationDropout.ReluBackward(x[0], 0.3, x[1], y, [], columns));
        }
    }

    [Fact]
    public void Misuse_is_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationDropout.Forward<float>([1], (ActivationFunction)9, 0, key, new float[1], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationDropout.ReluBackward<float>([1], 1, [1], new float[1], [], 1));
        var error = Assert.Throws<ArgumentException>(() => ActivationDropout.Forward<float>(new float[6], ActivationFunction.Relu, 0, key, new float[5], 3));
        Assert.Contains("output has 5 elements, expected 6", error.Message, StringComparison.Ordinal);
    }
}
