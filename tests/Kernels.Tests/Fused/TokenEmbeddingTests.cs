using System.Numerics;
using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class TokenEmbeddingTests
{
    private const int Vocabulary = 37;
    private const int Positions = 11;

    private static readonly RandomKey key = new(0x1234_5678_9ABC_DEF0, 7, 11, 3);

    private static readonly (int Rows, int Width)[] Shapes = [(0, 5), (1, 1), (9, 3), (70, 24), (3, 33), (3, 1030), (1000, 100)];

    private static int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(i => ((i * i) + (7 * i)) % Vocabulary)];

    private static int[] Places(int count) => [.. Enumerable.Range(0, count).Select(i => i % Positions)];

    [Fact]
    public void Forward_is_gather_scale_addition_and_dropout()
    {
        CheckAll<float>();
        CheckAll<double>();

        static void CheckAll<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T scale = T.CreateChecked(1.7);
            foreach ((int rows, int width) in Shapes)
            {
                int n = rows * width;
                Inputs<T> x = new(Vocabulary * width, Positions * width);
                foreach (T rate in new[] { T.Zero, T.CreateChecked(0.1) })
                {
                    SameBits.As<T>(
                        [n, n],
                        y =>
                        {
                            TokenEmbedding.Forward<T>(x[0], Tokens(rows), scale, x[1], Places(rows), rate, key, y[0], width);
                            TokenEmbedding.Forward<T>(x[0], Tokens(rows), scale, [], [], rate, key, y[1], width);
                        },
                        y =>
                        {
                            var places = new T[n];
                            Indexing.Gather<T>(x[1], Places(rows), places, width);
                            Indexing.Gather<T>(x[0], Tokens(rows), y[1], width);
                            Elementwise.Scale<T>(y[1], scale, y[1]);
                            Elementwise.Add<T>(y[1], places, y[0]);
                            Dropout.Forward<T>(y[0], rate, key, y[0]);
                            Dropout.Forward<T>(y[1], rate, key, y[1]);
                        });
                }
            }
        }
    }

    [Fact]
    public void Backward_is_dropout_scale_and_segment_sum()
    {
        CheckAll<float>();
        CheckAll<double>();

        static void CheckAll<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T scale = T.CreateChecked(1.7);
            foreach ((int rows, int width) in Shapes)
            {
                Inputs<T> x = new(rows * width);
                foreach (T rate in new[] { T.Zero, T.CreateChecked(0.1) })
                {
                    SameBits.As<T>(
                        [Vocabulary * width],
                        y => TokenEmbedding.Backward<T>(x[0], Tokens(rows), scale, rate, key, y[0], width, ignoredToken: 7),
                        y =>
                        {
                            var gradient = new T[rows * width];
                            Dropout.Forward<T>(x[0], rate, key, gradient);
                            Elementwise.Scale<T>(gradient, scale, gradient);
                            Indexing.SegmentSum<T>(gradient, Tokens(rows), y[0], width, ignoredRow: 7);
                        });
                }
            }
        }
    }

    [Fact]
    public void Both_agree_with_their_plain_form()
    {
        foreach ((int rows, int width) in Shapes.Where(shape => shape.Rows * shape.Width < 10_000))
        {
            int[] lengths = [Vocabulary * width, Positions * width, rows * width];
            AgreesWithPlain<float>(lengths, rows * width, (x, y) => TokenEmbedding.Forward(x[0], Tokens(rows), 3, x[1], Places(rows), 0.3f, key, y, width));
            AgreesWithPlain<double>(lengths, rows * width, (x, y) => TokenEmbedding.Forward(x[0], Tokens(rows), 3, [], [], 0.3, key, y, width));
            AgreesWithPlain<double>(
                lengths, Vocabulary * width, (x, y) => TokenEmbedding.Backward(x[2], Tokens(rows), 3, 0.3, key, y, width, 7), 64);
        }
    }

    [Fact]
    public void A_number_outside_its_table_is_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => TokenEmbedding.Forward<float>(
            new float[6], [0, 1], 1, new float[3], [0, 1], 0, key, new float[6], 3));
        Assert.Contains("Row number 1 at position 1 is outside the table of 1 rows", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenEmbedding.Backward<float>(new float[3], [-1], 1, 0, key, new float[6], 3));
        Assert.Throws<ArgumentException>(() => TokenEmbedding.Forward<float>(new float[6], [0, 1], 1, new float[3], [], 0, key, new float[6], 3));
    }
}
