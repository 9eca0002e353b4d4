using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>y[o] = maxₐ x[o, a]: whole rows.</summary>
internal readonly struct RowMaxKernel<T>(SharedSpan<T> input, SharedSpan<T> output, int axis) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = start; row < end; row++)
            output.Span[row] = RowLoops.Max<V, S, T>(input.Span.Slice(row * axis, axis));
    }
}

/// <summary>y[o, i] = maxₐ x[o, a, i] for an inner size above 1.</summary>
internal readonly struct ColumnMaxKernel<T>(SharedSpan<T> input, SharedSpan<T> output, int axis, int inner) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int item = start; item < end; item++)
        {
            ColumnBlock block = new(item, axis, inner);
            Span<T> y = output.Span.Slice(block.Start, block.Width);
            y.Fill(T.NegativeInfinity);
            for (int a = 0; a < axis; a++)
                Raise<V, S>(input.Span.Slice(block.Row(a), block.Width), y);
        }
    }

    // y = max(y, x)
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Raise<V, S>(ReadOnlySpan<T> x, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(S.Max(S.Load(in y[i]), S.Load(in x[i])), ref y[i]);

        int rest = y.Length - i;
        if (rest > 0)
            S.StoreFirst(S.Max(S.LoadFirst(in y[i], rest), S.LoadFirst(in x[i], rest)), ref y[i], rest);
    }
}
