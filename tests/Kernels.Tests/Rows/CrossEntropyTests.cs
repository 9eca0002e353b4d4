using System.Numerics;
using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class CrossEntropyTests
{
    private const int Ignored = -100;

    [Fact]
    public void Loss_and_gradient_agree_with_their_plain_form()
    {
        CheckAll<float>();
        CheckAll<double>();

        static void CheckAll<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach ((int rows, int classes) in new[] { (0, 3), (1, 1), (3, 2), (5, 7), (4, 16), (4, 33), (3, 130) })
            {
                int[] targets = [.. Enumerable.Range(0, rows).Select(i => i % 3 == 2 ? Ignored : i * 5 % classes)];
                foreach (double smoothing in new[] { 0, 0.1 })
                {
                    T epsilon = T.CreateChecked(smoothing);
                    int n = rows * classes;
                    AgreesWithPlain<T>([n], 1, (x, y) => (y[0], _) = CrossEntropy.Forward<T>(x[0], targets, epsilon, Ignored, new T[rows]), 32);
                    AgreesWithPlain<T>([n], rows, (x, y) => CrossEntropy.Forward<T>(x[0], targets, epsilon, Ignored, y));
                    AgreesWithPlain<T>([n, rows], n, (x, y) =>
                    {
                        var logSumExp = new T[rows];
                        CrossEntropy.Forward<T>(x[0], targets, epsilon, Ignored, logSumExp);
                        CrossEntropy.Backward(x[0], targets, epsilon, Ignored, logSumExp, T.CreateChecked(0.3), y);
                    });
                }
            }
        }
    }

    [Fact]
    public void Two_equal_logits_cost_ln_2_however_smooth()
    {
        var logSumExp = new double[2];
        (double loss, int counted) = CrossEntropy.Forward<double>([7, 7, 1, 2], [0, Ignored], 0.3, Ignored, logSumExp);
        Assert.Equal(Math.Log(2), loss, 1e-15);
        Assert.Equal(1, counted);

        // softmax − q = (½ − (0.7 + 0.15), ½ − 0.15), times 2; the ignored row is 0. The gradient may replace the logits.
        double[] logits = [7, 7, 1, 2];
        CrossEntropy.Backward<double>(logits, [0, Ignored], 0.3, Ignored, logSumExp, 2, logits);
        Assert.Equal([-0.7, 0.7, 0, 0], logits.Select(value => Math.Round(value, 14)));
    }

    [Fact]
    public void The_gradient_may_take_the_place_of_the_logits()
    {
        const int rows = 70;
        const int classes = 1003;
        int[] targets = [.. Enumerable.Range(0, rows).Select(i => i % 3 == 2 ? Ignored : i * 5 % classes)];
        Inputs<float> x = new(rows * classes);
        SameBits.As<float>(
            [rows * classes],
            y =>
            {
                var logSumExp = new float[rows];
                x[0].CopyTo(y[0]);
                CrossEntropy.Forward<float>(y[0], targets, 0.1f, Ignored, logSumExp);
                CrossEntropy.Backward<float>(y[0], targets, 0.1f, Ignored, logSumExp, 0.3f, y[0]);
            },
            y =>
            {
                var logSumExp = new float[rows];
                CrossEntropy.Forward<float>(x[0], targets, 0.1f, Ignored, logSumExp);
                CrossEntropy.Backward<float>(x[0], targets, 0.1f, Ignored, logSumExp, 0.3f, y[0]);
            });
    }

    [Fact]
    public void A_logit_that_is_NaN_is_seen()
    {
        Widths.ForEach(_ =>
        {
            var logits = new float[40];
            logits[17] = float.NaN;
            (float loss, int counted) = CrossEntropy.Forward<float>(logits, [3], 0, Ignored, new float[1]);
            Assert.True(float.IsNaN(loss));
            Assert.Equal(1, counted);
        });
    }

    [Fact]
    public void A_forbidden_class_costs_nothing_without_smoothing()
    {
        var logSumExp = new double[1];
        (double loss, _) = CrossEntropy.Forward<double>([0, double.NegativeInfinity, 0], [2], 0, Ignored, logSumExp);
        Assert.Equal(Math.Log(2), loss, 1e-15);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        int[] targets = [.. Enumerable.Range(0, 601).Select(i => i % 257)];
        IsTheSameOnAnyThreads<float>([601 * 257], 1, (x, y) => (y[0], _) = CrossEntropy.Forward(x[0], targets, 0.1f, Ignored, new float[601]));
    }

    [Fact]
    public void A_target_that_is_no_class_is_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => CrossEntropy.Forward<float>(new float[6], [0, 3], 0, Ignored, new float[2]));
        Assert.Contains("Target 3 of row 1 is none of 3 classes", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CrossEntropy.Forward<float>(new float[6], [0, 1], 1.5f, Ignored, new float[2]));
    }
}
