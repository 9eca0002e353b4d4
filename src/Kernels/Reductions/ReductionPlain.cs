using System.Numerics;

namespace Transformer.Kernels;

/// <summary>The plain references of <see cref="Reduction"/>: element [o, a, i] of x lies at (o · axis + a) · inner + i.</summary>
internal static class ReductionPlain
{
    public static void Sum<T>(ReadOnlySpan<T> x, Span<T> y, int axis, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < y.Length; k++)
        {
            T sum = T.Zero;
            for (int a = 0; a < axis; a++)
                sum += x[First(k, axis, inner) + (a * inner)];
            y[k] = sum;
        }
    }

    public static void Max<T>(ReadOnlySpan<T> x, Span<T> y, int axis, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < y.Length; k++)
        {
            T largest = T.NegativeInfinity;
            for (int a = 0; a < axis; a++)
                largest = T.Max(largest, x[First(k, axis, inner) + (a * inner)]);
            y[k] = largest;
        }
    }

    public static void Variance<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, Span<T> y, int axis, int inner, T divisor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < y.Length; k++)
        {
            T squares = T.Zero;
            for (int a = 0; a < axis; a++)
            {
                T difference = x[First(k, axis, inner) + (a * inner)] - mean[k];
                squares += difference * difference;
            }
            y[k] = squares / divisor;
        }
    }

    public static void SumGradient<T>(ReadOnlySpan<T> dy, T factor, Span<T> dx, int axis, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < dy.Length; k++)
        {
            for (int a = 0; a < axis; a++)
                dx[First(k, axis, inner) + (a * inner)] = factor * dy[k];
        }
    }

    public static void MaxGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx, int axis, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < y.Length; k++)
        {
            T ties = T.Zero;
            for (int a = 0; a < axis; a++)
            {
                if (x[First(k, axis, inner) + (a * inner)] == y[k])
                    ties += T.One;
            }
            for (int a = 0; a < axis; a++)
            {
                int i = First(k, axis, inner) + (a * inner);
                dx[i] = x[i] == y[k] ? dy[k] / ties : T.Zero;
            }
        }
    }

    public static void VarianceGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> dy, Span<T> dx, int axis, int inner, T divisor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < mean.Length; k++)
        {
            for (int a = 0; a < axis; a++)
            {
                int i = First(k, axis, inner) + (a * inner);
                dx[i] = dy[k] * (x[i] - mean[k]) * T.CreateTruncating(2) / divisor;
            }
        }
    }

    private static int First(int k, int axis, int inner) => (k / inner * axis * inner) + (k % inner);
}
