using System.Numerics;
using Transformer.Kernels;

namespace Kernels.Tests;

/// <summary>Attention put together naively in double, step by step over whole tensors, sharing no code with the kernels but the dropout mask.</summary>
internal static class AttentionReference
{
    public static (double[] Weights, double[] Output) Forward<T>(AttentionCase<T> test)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionShape shape = test.Shape;
        double[] weights = new double[shape.WeightCount];
        double[] output = new double[test.Output.Length];
        Array.Fill(output, AttentionCase<T>.Untouched);
        bool[] kept = new bool[weights.Length];
        T rate = T.CreateChecked(test.Dropout.Rate);
        Dropout.Mask(test.Dropout.Key, rate, 0, kept);

        int index = 0;
        for (int b = 0; b < shape.Batch; b++)
        {
            for (int h = 0; h < shape.Heads; h++)
            {
                for (int t = 0; t < shape.TargetLength; t++, index += shape.SourceLength)
                {
                    Span<double> row = weights.AsSpan(index, shape.SourceLength);
                    for (int s = 0; s < row.Length; s++)
                    {
                        double score = 0;
                        for (int i = 0; i < shape.HeadSize; i++)
                            score += At(test.Query, (b * shape.TargetLength) + t, shape.QueryStride, h, i) * At(test.KeyValue, (b * shape.SourceLength) + s, shape.KeyStride, h, i);
                        row[s] = test.MayAttend(b, h, t, s) ? double.CreateChecked(test.Scale) * score : double.NegativeInfinity;
                    }
                    Softmax(row);
                    for (int i = 0; i < shape.HeadSize; i++)
                    {
                        double sum = 0;
                        for (int s = 0; s < row.Length; s++)
                        {
                            double dropped = kept[index + s] ? row[s] / (1 - double.CreateChecked(rate)) : 0;
                            sum += dropped * At(test.KeyValue, (b * shape.SourceLength) + s, shape.KeyStride, h, test.ValueOffset + i);
                        }
                        output[(((b * shape.TargetLength) + t) * shape.OutputStride) + (h * shape.HeadSize) + i] = sum;
                    }
                }
            }
        }
        return (weights, output);

        double At(T[] matrix, int row, int stride, int head, int column) =>
            double.CreateChecked(matrix[(row * stride) + (head * shape.HeadSize) + column]);
    }

    private static void Softmax(Span<double> row)
    {
        double sum = 0;
        foreach (double x in row)
            sum += Math.Exp(x); // scores are small here; −∞ gives 0
        for (int i = 0; i < row.Length; i++)
            row[i] = sum == 0 ? 0 : Math.Exp(row[i]) / sum;
    }
}
