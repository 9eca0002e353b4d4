using System.Numerics;

namespace Transformer.Kernels;

/// <summary>The plain references of <see cref="Rows"/>.</summary>
internal static class RowsPlain
{
    public static void Softmax<T>(ReadOnlySpan<T> input, ReadOnlySpan<bool> mask, Span<T> output, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < input.Length; start += columns)
        {
            T largest = T.NegativeInfinity;
            for (int i = start; i < start + columns; i++)
            {
                if (mask.IsEmpty || mask[i])
                    largest = T.Max(largest, input[i]);
            }

            T sum = T.Zero;
            for (int i = start; i < start + columns; i++)
            {
                bool kept = (mask.IsEmpty || mask[i]) && !T.IsNegativeInfinity(input[i]);
                output[i] = kept ? T.Exp(input[i] - largest) : T.Zero;
                sum += output[i];
            }

            // A row with nothing left keeps its zeros.
            if (sum == T.Zero)
                continue;
            for (int i = start; i < start + columns; i++)
                output[i] /= sum;
        }
    }

    public static void SoftmaxGradient<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < y.Length; start += columns)
        {
            T dot = T.Zero;
            for (int i = start; i < start + columns; i++)
                dot += dy[i] * y[i];
            for (int i = start; i < start + columns; i++)
                dx[i] = y[i] * (dy[i] - dot);
        }
    }

    public static void LogSoftmax<T>(ReadOnlySpan<T> input, ReadOnlySpan<bool> mask, Span<T> output, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < input.Length; start += columns)
        {
            T largest = T.NegativeInfinity;
            for (int i = start; i < start + columns; i++)
            {
                output[i] = mask.IsEmpty || mask[i] ? input[i] : T.NegativeInfinity;
                largest = T.Max(largest, output[i]);
            }

            // A row with nothing left keeps its −∞.
            if (T.IsNegativeInfinity(largest))
                continue;

            T sum = T.Zero;
            for (int i = start; i < start + columns; i++)
                sum += T.Exp(output[i] - largest);

            T logarithm = T.Log(sum);
            for (int i = start; i < start + columns; i++)
                output[i] = output[i] - largest - logarithm;
        }
    }

    public static void LogSoftmaxGradient<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < y.Length; start += columns)
        {
            T sum = T.Zero;
            for (int i = start; i < start + columns; i++)
                sum += T.IsNegativeInfinity(y[i]) ? T.Zero : dy[i];
            for (int i = start; i < start + columns; i++)
                dx[i] = T.IsNegativeInfinity(y[i]) ? T.Zero : dy[i] - (T.Exp(y[i]) * sum);
        }
    }

    public static void SumOverRows<T>(ReadOnlySpan<T> input, Span<T> output, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        output.Clear();
        for (int i = 0; i < input.Length; i++)
            output[i % columns] += input[i];
    }
}
