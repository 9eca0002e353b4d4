using System.Numerics;
using System.Runtime.Intrinsics;
using Transformer.Kernels;
using Transformer.Kernels.Simd;
using Xunit;

namespace Kernels.Tests;

public class AttentionTests
{
    private static readonly (int Batch, int Heads, int Target, int Source, int Size)[] shapes =
    [
        (1, 1, 1, 1, 1), (2, 3, 5, 7, 4), (2, 2, 17, 17, 16), (1, 2, 70, 33, 5), (2, 2, 3, 65, 8), (1, 1, 130, 131, 17),
        (2, 2, 6, 3, 2), (1, 1, 200, 290, 16), (1, 1, 33, 150, 24), (1, 1, 67, 67, 32), (1, 1, 18, 18, 64), (0, 2, 3, 3, 4), (2, 0, 3, 3, 4), (2, 2, 0, 3, 4), (2, 2, 3, 0, 4), (2, 2, 3, 3, 0),
        // one target, as in decoding
        (3, 2, 1, 37, 16), (3, 2, 1, 37, 16), (2, 3, 1, 9, 5), (2, 3, 1, 9, 5), (1, 2, 1, 70, 40), (1, 2, 1, 70, 40), (2, 2, 1, 3, 8),
    ];

    public static TheoryData<int, MaskKind, double> Cases()
    {
        var data = new TheoryData<int, MaskKind, double>();
        for (int shape = 0; shape < shapes.Length; shape++)
        {
            foreach (MaskKind kind in Enum.GetValues<MaskKind>())
                data.Add(shape, kind, (int)kind % 2 == shape % 2 ? 0.3 : 0);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_is_the_composed_formula(int shape, MaskKind kind, double rate)
    {
        CompareForward<double>(shape, kind, rate, 1e-14, AttentionPlain.Forward, AttentionPlain.Weights);
        CompareForward<double>(shape, kind, rate, 1e-14, AttentionForward<Vector512<double>, Simd512<double>, double>.Run, AttentionWeights<Vector512<double>, Simd512<double>, double>.Run);
        CompareForward<double>(shape, kind, rate, 1e-14, AttentionForward<Vector256<double>, Simd256<double>, double>.Run, AttentionWeights<Vector256<double>, Simd256<double>, double>.Run);
        CompareForward<double>(shape, kind, rate, 1e-14, AttentionForward<Vector128<double>, Simd128<double>, double>.Run, AttentionWeights<Vector128<double>, Simd128<double>, double>.Run);
        CompareForward<float>(shape, kind, rate, 3e-6, AttentionPlain.Forward, AttentionPlain.Weights);
        CompareForward<float>(shape, kind, rate, 3e-6, AttentionForward<Vector512<float>, Simd512<float>, float>.Run, AttentionWeights<Vector512<float>, Simd512<float>, float>.Run);
        CompareForward<float>(shape, kind, rate, 3e-6, AttentionForward<Vector256<float>, Simd256<float>, float>.Run, AttentionWeights<Vector256<float>, Simd256<float>, float>.Run);
        CompareForward<float>(shape, kind, rate, 3e-6, AttentionForward<Vector128<float>, Simd128<float>, float>.Run, AttentionWeights<Vector128<float>, Simd128<float>, float>.Run);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_with_vectors_is_the_plain_one(int shape, MaskKind kind, double rate)
    {
        CompareBackward<double>(shape, kind, rate, 1e-13, AttentionBackward<Vector512<double>, Simd512<double>, double>.Run);
        CompareBackward<double>(shape, kind, rate, 1e-13, AttentionBackward<Vector256<double>, Simd256<double>, double>.Run);
        CompareBackward<double>(shape, kind, rate, 1e-13, AttentionBackward<Vector128<double>, Simd128<double>, double>.Run);
        CompareBackward<float>(shape, kind, rate, 3e-5, AttentionBackward<Vector512<float>, Simd512<float>, float>.Run);
        CompareBackward<float>(shape, kind, rate, 3e-5, AttentionBackward<Vector256<float>, Simd256<float>, float>.Run);
        CompareBackward<float>(shape, kind, rate, 3e-5, AttentionBackward<Vector128<float>, Simd128<float>, float>.Run);
    }

    [Fact]
    public void A_gradient_that_is_not_needed_is_not_written_and_does_not_change_the_others()
    {
        var test = new AttentionCase<double>(2, 2, 5, 7, 4, MaskKind.Full, 0.3);
        test.Forward(AttentionPlain.Forward);
        AttentionCase<double>.Pass backward = AttentionBackward<Vector256<double>, Simd256<double>, double>.Run;
        (double[] dQuery, double[] dKeyValue) = test.Backward(backward);
        for (int needed = 0; needed < 8; needed++)
        {
            bool query = (needed & 1) != 0, key = (needed & 2) != 0, value = (needed & 4) != 0;
            foreach (AttentionCase<double>.Pass pass in (AttentionCase<double>.Pass[])[backward, AttentionPlain.Backward])
            {
                (double[] someQuery, double[] someKeyValue) = test.Backward(pass, query, key, value);
                for (int i = 0; i < dQuery.Length; i++)
                    Assert.Equal(query ? dQuery[i] : AttentionCase<double>.Untouched, someQuery[i], 1e-13);
                for (int i = 0; i < dKeyValue.Length; i++)
                {
                    int column = i % test.Shape.KeyStride;
                    bool written = column < test.ValueOffset ? key : column < 2 * test.ValueOffset && value;
                    Assert.Equal(written ? dKeyValue[i] : AttentionCase<double>.Untouched, someKeyValue[i], 1e-13);
                }
            }
        }
    }

    private static AttentionCase<T> Case<T>(int shape, MaskKind kind, double rate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int batch, int heads, int target, int source, int size) = shapes[shape];
        return new(batch, heads, target, source, size, kind, rate);
    }

    private static void CompareForward<T>(int shape, MaskKind kind, double rate, double tolerance, AttentionCase<T>.Pass forward, AttentionCase<T>.Pass computeWeights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionCase<T> test = Case<T>(shape, kind, rate);
        (double[] weights, double[] output) = AttentionReference.Forward(test);
        test.Forward(forward);
        test.ComputeWeights(computeWeights);
        AssertClose(test, "weights", weights, test.Weights, tolerance);
        AssertClose(test, "output", output, test.Output, tolerance);
    }

    private static void CompareBackward<T>(int shape, MaskKind kind, double rate, double tolerance, AttentionCase<T>.Pass backward)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionCase<T> test = Case<T>(shape, kind, rate);
        test.Forward(AttentionPlain.Forward);
        (T[] query, T[] keyValue) = test.Backward(AttentionPlain.Backward);
        (T[] actualQuery, T[] actualKeyValue) = test.Backward(backward);
        AssertClose(test, "∂L/∂Q", Array.ConvertAll(query, double.CreateChecked), actualQuery, tolerance);
        AssertClose(test, "∂L/∂K, ∂L/∂V", Array.ConvertAll(keyValue, double.CreateChecked), actualKeyValue, tolerance);
    }

    private static void AssertClose<T>(AttentionCase<T> test, string name, double[] expected, T[] actual, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(double.CreateChecked(actual[i]) - expected[i]);
            Assert.True(error <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"{name}[{i}] is {actual[i]}, not {expected[i]}: {test}");
        }
    }
}
