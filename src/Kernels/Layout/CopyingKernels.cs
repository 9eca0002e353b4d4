using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>y[row, i] = x[offset(row) + i stride]: an item is a row of y.</summary>
internal readonly struct ExpandKernel<T>(SharedSpan<T> input, SharedSpan<int> shape, SharedSpan<int> strides, SharedSpan<T> output) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        int width = shape.Span[^1];
        int stride = strides.Span[^1];
        for (int row = start; row < end; row++)
        {
            ReadOnlySpan<T> x = input.Span[StridedRows.Offset(row, shape.Span[..^1], strides.Span[..^1])..];
            Span<T> y = output.Span.Slice(row * width, width);
            if (stride == 1)
                x[..width].CopyTo(y);
            else if (stride == 0)
                y.Fill(x[0]);
            else
                Strided(x, stride, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strided(ReadOnlySpan<T> x, int stride, Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = x[i * stride];
    }
}

/// <summary>
/// Transposes matrices: y[batch, j, i] = x[offset(batch) + j + i stride], a square tile at a time, which is turned in a buffer of its own so
/// that both arrays are touched in whole cache lines. An item is a strip of 16 rows of one y.
/// </summary>
internal readonly struct TransposeKernel<T>(SharedSpan<T> input, SharedSpan<int> shape, SharedSpan<int> strides, SharedSpan<T> output) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const int Strip = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        int rows = shape.Span[^2];
        int columns = shape.Span[^1];
        int stride = strides.Span[^1];
        int strips = (rows + Strip - 1) / Strip;
        Span<T> tile = stackalloc T[Strip * Strip];
        for (int item = start; item < end; item++)
        {
            (int batch, int strip) = Math.DivRem(item, strips);
            int firstRow = strip * Strip;
            int count = Math.Min(Strip, rows - firstRow);
            ReadOnlySpan<T> x = input.Span[(StridedRows.Offset(batch, shape.Span[..^2], strides.Span[..^2]) + firstRow)..];
            Span<T> y = output.Span.Slice(((batch * rows) + firstRow) * columns, count * columns);
            for (int first = 0; first < columns; first += Strip)
            {
                int width = Math.Min(Strip, columns - first);
                for (int i = 0; i < width; i++)
                {
                    ReadOnlySpan<T> line = x.Slice((first + i) * stride, count);
                    for (int j = 0; j < line.Length; j++)
                        tile[(j * Strip) + i] = line[j];
                }
                for (int j = 0; j < count; j++)
                    tile.Slice(j * Strip, width).CopyTo(y[((j * columns) + first)..]);
            }
        }
    }
}

internal readonly struct ClearKernel<T>(SharedSpan<T> output) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T> =>
        output.Span[start..end].Clear();
}
