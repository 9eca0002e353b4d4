using System.Numerics;
using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class BiasActivationDropoutTests
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
    public void Forward_is_bias_function_and_dropout()
    {
        ForEachCase<float>(Check);
        ForEachCase<double>(Check);

        static void Check<T>(int rows, int columns, ActivationFunction function, T rate)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = rows * columns;
            Inputs<T> x = new(n, columns);
            SameBits.As<T>(
                [n, n, n],
                y =>
                {
                    BiasActivationDropout.Forward<T>(x[0], x[1], function, rate, key, y[0], columns);
                    BiasActivationDropout.Forward<T>(x[0], [], function, rate, key, y[1], columns);
                    x[0].CopyTo(y[2]);
                    BiasActivationDropout.Forward<T>(y[2], x[1], function, rate, key, y[2], columns);
                },
                y =>
                {
                    Elementwise.Add<T>(x[0], x[1], y[0]);
                    Of<T>(function)(y[0], y[0]);
                    Dropout.Forward<T>(y[0], rate, key, y[0]);
                    Of<T>(function)(x[0], y[1]);
                    Dropout.Forward<T>(y[1], rate, key, y[1]);
                    y[0].CopyTo(y[2], 0);
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
            Inputs<T> x = new(n, columns, n);
            SameBits.As<T>(
                [n, n, columns],
                y =>
                {
                    BiasActivationDropout.Backward<T>(x[0], x[1], function, rate, key, x[2], y[0], y[2], columns);
                    x[2].CopyTo(y[1]);
                    BiasActivationDropout.Backward<T>(x[0], x[1], function, rate, key, y[1], y[1], [], columns);
                },
                y =>
                {
                    var biased = new T[n];
                    Elementwise.Add<T>(x[0], x[1], biased);
                    Dropout.Forward<T>(x[2], rate, key, y[0]);
                    GradientOf<T>(function)(biased, y[0], y[0]);
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
            Inputs<float> x = new(n, columns, n);
            foreach (float rate in new[] { 0, 0.5f })
            {
                SameBits.As<float>(
                    [n, columns],
                    y =>
                    {
                        BiasActivationDropout.Forward<float>(x[0], x[1], ActivationFunction.Relu, rate, key, y[0], columns);
                        BiasActivationDropout.ReluBackward<float>(y[0], rate, x[2], y[0], y[1], columns);
                    },
                    y => BiasActivationDropout.Backward<float>(x[0], x[1], ActivationFunction.Relu, rate, key, x[2], y[0], y[1], columns));
            }
        }
    }

    [Fact]
    public void Both_agree_with_their_plain_form()
    {
        foreach ((int rows, int columns) in Shapes.Where(shape => shape.Rows * shape.Columns < 10_000))
        {
            int n = rows * columns;
            int[] lengths = [n, columns, n];
            foreach (ActivationFunction function in Enum.GetValues<ActivationFunction>())
            {
                const double rate = 0.3;
                AgreesWithPlain<double>(lengths, n, (x, y) => BiasActivationDropout.Forward(x[0], x[1], function, rate, key, y, columns));
                AgreesWithPlain<float>(lengths, n, (x, y) => BiasActivationDropout.Forward(x[0], x[1], function, 0, key, y, columns));
                AgreesWithPlain<double>(lengths, n, (x, y) => BiasActivationDropout.Backward(x[0], x[1], function, rate, key, x[2], y, [], columns), 64);
                AgreesWithPlain<double>(lengths, columns, (x, y) => BiasActivationDropout.Backward(x[0], x[1], function, rate, key, x[2], new double[n], y, columns), 200);
            }
            AgreesWithPlain<double>(lengths, n, (x, y) => BiasActivationDropout.ReluBackward(x[0], 0.3, x[2], y, [], columns));
        }
    }

    [Fact]
    public void Misuse_is_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BiasActivationDropout.Forward<float>([1], [], (ActivationFunction)9, 0, key, new float[1], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BiasActivationDropout.ReluBackward<float>([1], 1, [1], new float[1], [], 1));
        var error = Assert.Throws<ArgumentException>(() => BiasActivationDropout.Forward<float>(new float[6], new float[2], ActivationFunction.Relu, 0, key, new float[6], 3));
        Assert.Contains("bias has 2 elements, expected 3", error.Message, StringComparison.Ordinal);
    }
}
