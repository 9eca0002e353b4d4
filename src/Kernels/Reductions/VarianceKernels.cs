using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

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

/// <summary>y[o, i] = Σₐ (x[o, a, i] − mean[o, i])² / divisor for an inner size above 1.</summary>
internal readonly struct ColumnVarianceKernel<T>(
    SharedSpan<T> input, SharedSpan<T> mean, SharedSpan<T> output, int axis, int inner, T divisor) : IRangeKernel<T>
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
            y.Clear();
            for (int a = 0; a < axis; a++)
                AddSquares<V, S>(input.Span.Slice(block.Row(a), block.Width), mean.Span.Slice(block.Start, block.Width), y);
            for (int i = 0; i < y.Length; i++)
                y[i] /= divisor;
        }
    }

    // y += (x − mean)²
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSquares<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
        {
            V difference = S.Subtract(S.Load(in x[i]), S.Load(in mean[i]));
            S.Store(S.MultiplyAdd(difference, difference, S.Load(in y[i])), ref y[i]);
        }
        int rest = y.Length - i;
        if (rest > 0)
        {
            V difference = S.Subtract(S.LoadFirst(in x[i], rest), S.LoadFirst(in mean[i], rest));
            S.StoreFirst(S.MultiplyAdd(difference, difference, S.LoadFirst(in y[i], rest)), ref y[i], rest);
        }
    }
}

/// <summary>dx[o, a] = factor dy[o] (x[o, a] − mean[o]): whole rows.</summary>
internal readonly struct RowVarianceGradientKernel<T>(
    SharedSpan<T> input, SharedSpan<T> mean, SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, int axis, T factor) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = start; row < end; row++)
        {
            ScaledDifference<V, S>(
                input.Span.Slice(row * axis, axis), mean.Span[row], factor * outputGradient.Span[row], inputGradient.Span.Slice(row * axis, axis));
        }
    }

    // y = factor (x − center)
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaledDifference<V, S>(ReadOnlySpan<T> x, T center, T factor, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        V a = S.Fill(center);
        V c = S.Fill(factor);
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(S.Multiply(c, S.Subtract(S.Load(in x[i]), a)), ref y[i]);

        int rest = y.Length - i;
        if (rest > 0)
            S.StoreFirst(S.Multiply(c, S.Subtract(S.LoadFirst(in x[i], rest), a)), ref y[i], rest);
    }
}

/// <summary>dx[o, a, i] = factor dy[o, i] (x[o, a, i] − mean[o, i]) for an inner size above 1.</summary>
internal readonly struct ColumnVarianceGradientKernel<T>(
    SharedSpan<T> input, SharedSpan<T> mean, SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, int axis, int inner, T factor) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int item = start; item < end; item++)
        {
            ColumnBlock block = new(item, axis, inner);
            for (int a = 0; a < axis; a++)
            {
                Row<V, S>(
                    input.Span.Slice(block.Row(a), block.Width), mean.Span.Slice(block.Start, block.Width),
                    outputGradient.Span.Slice(block.Start, block.Width), factor, inputGradient.Span.Slice(block.Row(a), block.Width));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> dy, T factor, Span<T> dx)
        where V : struct
        where S : ISimd<V, T>
    {
        V c = S.Fill(factor);
        int i = 0;
        for (; i <= dx.Length - S.Count; i += S.Count)
            S.Store(S.Multiply(S.Multiply(c, S.Load(in dy[i])), S.Subtract(S.Load(in x[i]), S.Load(in mean[i]))), ref dx[i]);

        int rest = dx.Length - i;
        if (rest > 0)
        {
            V difference = S.Subtract(S.LoadFirst(in x[i], rest), S.LoadFirst(in mean[i], rest));
            S.StoreFirst(S.Multiply(S.Multiply(c, S.LoadFirst(in dy[i], rest)), difference), ref dx[i], rest);
        }
    }
}
