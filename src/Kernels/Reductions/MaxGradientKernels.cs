using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>dx[o, a] = dy[o] / (number of ties) where x[o, a] = y[o], else 0: whole rows.</summary>
internal readonly struct RowMaxGradientKernel<T>(
    SharedSpan<T> input, SharedSpan<T> output, SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, int axis) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = start; row < end; row++)
        {
            ReadOnlySpan<T> x = input.Span.Slice(row * axis, axis);
            T largest = output.Span[row];
            T share = outputGradient.Span[row] / CountOf<V, S>(x, largest);
            WhereEqual<V, S>(x, largest, share, inputGradient.Span.Slice(row * axis, axis));
        }
    }

    // The number of xᵢ that equal the value.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T CountOf<V, S>(ReadOnlySpan<T> x, T value)
        where V : struct
        where S : ISimd<V, T>
    {
        V searched = S.Fill(value);
        V one = S.Fill(T.One);
        V count = S.Zero;
        int i = 0;
        for (; i <= x.Length - S.Count; i += S.Count)
            count = S.Add(count, S.Select(S.Equal(S.Load(in x[i]), searched), one, S.Zero));
        int rest = x.Length - i;
        if (rest > 0)
        {
            V equal = S.Select(S.Equal(S.LoadFirst(in x[i], rest), searched), one, S.Zero);
            count = S.Add(count, S.Select(S.FirstLanes(rest), equal, S.Zero));
        }
        return S.Sum(count);
    }

    // y = share where x equals the value, else 0
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WhereEqual<V, S>(ReadOnlySpan<T> x, T value, T share, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        V searched = S.Fill(value);
        V c = S.Fill(share);
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(S.Select(S.Equal(S.Load(in x[i]), searched), c, S.Zero), ref y[i]);

        int rest = y.Length - i;
        if (rest > 0)
            S.StoreFirst(S.Select(S.Equal(S.LoadFirst(in x[i], rest), searched), c, S.Zero), ref y[i], rest);
    }
}

/// <summary>dx[o, a, i] = dy[o, i] / (number of ties) where x[o, a, i] = y[o, i], else 0, for an inner size above 1.</summary>
internal readonly struct ColumnMaxGradientKernel<T>(
    SharedSpan<T> input, SharedSpan<T> output, SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, int axis, int inner) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        Span<T> buffer = stackalloc T[ColumnBlocks.Width];
        for (int item = start; item < end; item++)
        {
            ColumnBlock block = new(item, axis, inner);
            ReadOnlySpan<T> y = output.Span.Slice(block.Start, block.Width);
            Span<T> ties = buffer[..block.Width];
            ties.Clear();
            for (int a = 0; a < axis; a++)
                Count<V, S>(input.Span.Slice(block.Row(a), block.Width), y, ties);
            for (int a = 0; a < axis; a++)
            {
                Share<V, S>(
                    input.Span.Slice(block.Row(a), block.Width), y, outputGradient.Span.Slice(block.Start, block.Width), ties,
                    inputGradient.Span.Slice(block.Row(a), block.Width));
            }
        }
    }

    // ties += 1 where x = y
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Count<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> ties)
        where V : struct
        where S : ISimd<V, T>
    {
        V one = S.Fill(T.One);
        int i = 0;
        for (; i <= ties.Length - S.Count; i += S.Count)
            S.Store(S.Add(S.Load(in ties[i]), S.Select(S.Equal(S.Load(in x[i]), S.Load(in y[i])), one, S.Zero)), ref ties[i]);

        int rest = ties.Length - i;
        if (rest > 0)
        {
            V added = S.Select(S.Equal(S.LoadFirst(in x[i], rest), S.LoadFirst(in y[i], rest)), one, S.Zero);
            S.StoreFirst(S.Add(S.LoadFirst(in ties[i], rest), added), ref ties[i], rest);
        }
    }

    // dx = dy / ties where x = y, else 0
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Share<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, ReadOnlySpan<T> ties, Span<T> dx)
        where V : struct
        where S : ISimd<V, T>
    {
        int i = 0;
        for (; i <= dx.Length - S.Count; i += S.Count)
            S.Store(S.Select(S.Equal(S.Load(in x[i]), S.Load(in y[i])), S.Divide(S.Load(in dy[i]), S.Load(in ties[i])), S.Zero), ref dx[i]);

        int rest = dx.Length - i;
        if (rest > 0)
        {
            V share = S.Divide(S.LoadFirst(in dy[i], rest), S.LoadFirst(in ties[i], rest));
            S.StoreFirst(S.Select(S.Equal(S.LoadFirst(in x[i], rest), S.LoadFirst(in y[i], rest)), share, S.Zero), ref dx[i], rest);
        }
    }
}
