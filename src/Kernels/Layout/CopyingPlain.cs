using System.Numerics;

namespace Transformer.Kernels;

/// <summary>The plain references of <see cref="Copying"/>: the index of each element of y, digit by digit.</summary>
internal static class CopyingPlain
{
    public static void Expand<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> shapeOfY, ReadOnlySpan<int> stridesOfX, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = x[Offset(i, shapeOfY, stridesOfX)];
    }

    public static void ReduceTo<T>(ReadOnlySpan<T> dy, ReadOnlySpan<int> shapeOfY, ReadOnlySpan<int> stridesOfX, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        dx.Clear();
        for (int i = 0; i < dy.Length; i++)
            dx[Offset(i, shapeOfY, stridesOfX)] += dy[i];
    }

    private static int Offset(int index, ReadOnlySpan<int> shape, ReadOnlySpan<int> strides)
    {
        int offset = 0;
        for (int k = shape.Length - 1; k >= 0; k--)
        {
            offset += index % shape[k] * strides[k];
            index /= shape[k];
        }
        return offset;
    }
}
