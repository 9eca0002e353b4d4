using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>y[o] = Σₐ x[o, a]: whole rows.</summary>
internal readonly struct RowSumKernel<T>(SharedSpan<T> input, SharedSpan<T> output, int axis) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = start; row < end; row++)
            output.Span[row] = RowLoops.Sum<V, S, T>(input.Span.Slice(row * axis, axis));
    }
}

/// <summary>y[o, i] = Σₐ x[o, a, i] for an inner size above 1: an item is one block of columns of one o, added row by row.</summary>
internal readonly struct ColumnSumKernel<T>(SharedSpan<T> input, SharedSpan<T> output, int axis, int inner) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        int blocks = ColumnBlocks.Count(inner);
        for (int item = start; item < end; item++)
        {
            int outer = item / blocks;
            int first = item % blocks * ColumnBlocks.Width;
            int width = Math.Min(ColumnBlocks.Width, inner - first);
            Span<T> sums = output.Span.Slice((outer * inner) + first, width);
            sums.Clear();
            if (axis > 0)
                AddRows<V, S>(input.Span[((outer * axis * inner) + first)..], inner, axis, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows<V, S>(ReadOnlySpan<T> x, int stride, int rows, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<T> line = x.Slice(row * stride, y.Length);
            int i = 0;
            for (; i <= y.Length - S.Count; i += S.Count)
                S.Store(S.Add(S.Load(in y[i]), S.Load(in line[i])), ref y[i]);
            if (i < y.Length)
                S.StoreFirst(S.Add(S.LoadFirst(in y[i], y.Length - i), S.LoadFirst(in line[i], y.Length - i)), ref y[i], y.Length - i);
        }
    }
}

/// <summary>y[o] = Σₐ (x[o, a] − mean[o])² / divisor: whole rows.</summary>
internal readonly struct RowVarianceKernel<T>(SharedSpan<T> input, SharedSpan<T> mean, SharedSpan<T> output, int axis, T divisor) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = start; row < end; row++)
            output.Span[row] = RowLoops.SumOfSquares<V, S, T>(input.Span.Slice(row * axis, axis), mean.Span[row]) / divisor;
    }
}

/// <summary>Columns in blocks of fixed width, so that threads share them without changing any order of addition.</summary>
internal static class ColumnBlocks
{
    public const int Width = 64;

    public static int Count(int columns) => (columns + Width - 1) / Width;
}
