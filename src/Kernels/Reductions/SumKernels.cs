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
        for (int item = start; item < end; item++)
        {
            ColumnBlock block = new(item, axis, inner);
            Span<T> sums = output.Span.Slice(block.Start, block.Width);
            sums.Clear();
            if (axis > 0)
                AddRows<V, S>(input.Span[block.Row(0)..], inner, axis, sums);
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

/// <summary>Columns in blocks of fixed width, so that threads share them without changing any order of addition.</summary>
internal static class ColumnBlocks
{
    public const int Width = 64;

    public static int Count(int columns) => (columns + Width - 1) / Width;
}

/// <summary>One block of columns of one o in x [outer, axis, inner].</summary>
internal readonly struct ColumnBlock(int item, int axis, int inner)
{
    private readonly int outer = item / ColumnBlocks.Count(inner);
    private readonly int first = item % ColumnBlocks.Count(inner) * ColumnBlocks.Width;

    /// <summary>Number of columns.</summary>
    public int Width => Math.Min(ColumnBlocks.Width, inner - first);

    /// <summary>Where the block begins in y [outer, inner].</summary>
    public int Start => (outer * inner) + first;

    /// <summary>Where row a of the block begins in x.</summary>
    public int Row(int a) => (((outer * axis) + a) * inner) + first;
}
