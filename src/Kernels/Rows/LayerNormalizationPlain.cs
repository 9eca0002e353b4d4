using System.Numerics;

namespace Transformer.Kernels;

/// <summary>The plain references of <see cref="LayerNormalization"/>.</summary>
internal static class LayerNormalizationPlain
{
    public static void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, T epsilon,
        Span<T> y, Span<T> mean, Span<T> inverseDeviation, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T count = T.CreateTruncating(columns);
        for (int row = 0; row < mean.Length; row++)
        {
            ReadOnlySpan<T> values = x.Slice(row * columns, columns);
            Span<T> normalized = y.Slice(row * columns, columns);

            T sum = T.Zero;
            foreach (T value in values)
                sum += value;
            T center = sum / count;

            T squares = T.Zero;
            foreach (T value in values)
                squares += (value - center) * (value - center);
            T inverse = T.One / T.Sqrt((squares / count) + epsilon);

            for (int i = 0; i < columns; i++)
            {
                T w = weight.IsEmpty ? T.One : weight[i];
                T b = bias.IsEmpty ? T.Zero : bias[i];
                normalized[i] = ((values[i] - center) * inverse * w) + b;
            }
            mean[row] = center;
            inverseDeviation[row] = inverse;
        }
    }

    public static void BackwardInput<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverseDeviation,
        ReadOnlySpan<T> dy, Span<T> dx, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T count = T.CreateTruncating(columns);
        for (int row = 0; row < mean.Length; row++)
        {
            int start = row * columns;
            T sumOfG = T.Zero;
            T sumOfGX = T.Zero;
            for (int i = 0; i < columns; i++)
            {
                T g = weight.IsEmpty ? dy[start + i] : dy[start + i] * weight[i];
                sumOfG += g;
                sumOfGX += g * (x[start + i] - mean[row]) * inverseDeviation[row];
            }
            for (int i = 0; i < columns; i++)
            {
                T g = weight.IsEmpty ? dy[start + i] : dy[start + i] * weight[i];
                T normalized = (x[start + i] - mean[row]) * inverseDeviation[row];
                dx[start + i] = (g - (sumOfG / count) - (normalized * sumOfGX / count)) * inverseDeviation[row];
            }
        }
    }

    public static void BackwardParameters<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverseDeviation,
        ReadOnlySpan<T> dy, Span<T> dWeight, Span<T> dBias, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        dWeight.Clear();
        dBias.Clear();
        for (int i = 0; i < dy.Length; i++)
        {
            int row = i / columns;
            if (!dWeight.IsEmpty)
                dWeight[i % columns] += dy[i] * (x[i] - mean[row]) * inverseDeviation[row];
            if (!dBias.IsEmpty)
                dBias[i % columns] += dy[i];
        }
    }
}
