using System.Runtime.Intrinsics;
using Transformer.Kernels;
using Transformer.Kernels.Simd;
using Xunit;

namespace Kernels.Tests;

/// <summary>The backward pass against central differences of the composed formula, in double: every element of query, key and value.</summary>
public class AttentionGradientTests
{
    [Theory]
    [InlineData(MaskKind.None, 0)]
    [InlineData(MaskKind.None, 0.4)]
    [InlineData(MaskKind.Causal, 0)]
    [InlineData(MaskKind.Padding, 0.2)]
    [InlineData(MaskKind.EachHead, 0)]
    [InlineData(MaskKind.FullAndCausal, 0.2)]
    [InlineData(MaskKind.Nothing, 0)]
    public void Gradients_are_those_of_central_differences(MaskKind kind, double rate)
    {
        var test = new AttentionCase<double>(2, 2, 4, 5, 3, kind, rate);
        test.Forward(AttentionPlain.Forward);
        Check(test, AttentionPlain.Backward);
        Check(test, AttentionBackward<Vector512<double>, Simd512<double>, double>.Run);
        Check(test, AttentionBackward<Vector128<double>, Simd128<double>, double>.Run);
    }

    private static void Check(AttentionCase<double> test, AttentionCase<double>.Pass backward)
    {
        (double[] dQuery, double[] dKeyValue) = test.Backward(backward);
        Check(test, "Q", test.Query, dQuery, column => column < test.ValueOffset, test.Shape.QueryStride);
        Check(test, "K, V", test.KeyValue, dKeyValue, column => column < 2 * test.ValueOffset, test.Shape.KeyStride);
    }

    private static void Check(AttentionCase<double> test, string name, double[] x, double[] gradient, Func<int, bool> isInput, int stride)
    {
        const double step = 1e-5;
        double largest = gradient.Where((_, i) => isInput(i % stride)).Max(Math.Abs);
        for (int i = 0; i < x.Length; i++)
        {
            if (!isInput(i % stride))
            {
                Assert.Equal(AttentionCase<double>.Untouched, gradient[i]);
                continue;
            }
            double value = x[i];
            x[i] = value + step;
            double[] above = AttentionReference.Forward(test).Output;
            x[i] = value - step;
            double[] below = AttentionReference.Forward(test).Output;
            x[i] = value;

            // Each output is differenced on its own before the sum, which would lose digits.
            double numeric = 0;
            for (int o = 0; o < above.Length; o++)
                numeric += test.OutputGradient[o] * ((above[o] - below[o]) / (2 * step));
            double size = Math.Max(Math.Max(Math.Abs(numeric), Math.Abs(gradient[i])), 0.01 * largest);
            Assert.True(Math.Abs(numeric - gradient[i]) <= 1e-7 * size, $"∂L/∂{name}[{i}] is {gradient[i]}, by differences {numeric}: {test}");
        }
    }
}
