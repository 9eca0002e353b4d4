using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>y = x̂ ⊙ weight + bias, a row at a time.</summary>
internal readonly struct LayerNormalizationKernel<T>(SharedSpan<T> input, SharedSpan<T> weight, SharedSpan<T> bias, T epsilon,
    SharedSpan<T> output, SharedSpan<T> mean, SharedSpan<T> inverseDeviation, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        T count = T.CreateTruncating(columns);
        for (int row = start; row < end; row++)
        {
            ReadOnlySpan<T> x = input.Span.Slice(row * columns, columns);
            T center = RowLoops.Sum<V, S, T>(x) / count;
            T inverse = T.One / T.Sqrt((RowLoops.SumOfSquares<V, S, T>(x, center) / count) + epsilon);
            Normalize<V, S>(x, center, inverse, weight.Span, bias.Span, output.Span.Slice(row * columns, columns));
            mean.Span[row] = center;
            inverseDeviation.Span[row] = inverse;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize<V, S>(ReadOnlySpan<T> x, T center, T inverse, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        V c = S.Fill(center);
        V s = S.Fill(inverse);
        V one = S.Fill(T.One);
        bool hasWeight = !weight.IsEmpty;
        bool hasBias = !bias.IsEmpty;
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
        {
            V normalized = S.Multiply(S.Subtract(S.Load(in x[i]), c), s);
            V scaled = S.MultiplyAdd(normalized, hasWeight ? S.Load(in weight[i]) : one, hasBias ? S.Load(in bias[i]) : S.Zero);
            S.Store(scaled, ref y[i]);
        }
        int rest = y.Length - i;
        if (rest > 0)
        {
            V normalized = S.Multiply(S.Subtract(S.LoadFirst(in x[i], rest), c), s);
            V scaled = S.MultiplyAdd(normalized, hasWeight ? S.LoadFirst(in weight[i], rest) : one, hasBias ? S.LoadFirst(in bias[i], rest) : S.Zero);
            S.StoreFirst(scaled, ref y[i], rest);
        }
    }
}

/// <summary>∂L/∂x = (g − mean g − x̂ mean(g ⊙ x̂)) / √(var + ε), a row at a time.</summary>
internal readonly struct LayerNormalizationInputKernel<T>(SharedSpan<T> input, SharedSpan<T> weight, SharedSpan<T> mean,
    SharedSpan<T> inverseDeviation, SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = start; row < end; row++)
        {
            int first = row * columns;
            Row<V, S>(input.Span.Slice(first, columns), weight.Span, mean.Span[row], inverseDeviation.Span[row],
                outputGradient.Span.Slice(first, columns), inputGradient.Span.Slice(first, columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<T> weight, T mean, T inverse, ReadOnlySpan<T> dy, Span<T> dx)
        where V : struct
        where S : ISimd<V, T>
    {
        V c = S.Fill(mean);
        V s = S.Fill(inverse);
        V one = S.Fill(T.One);
        bool hasWeight = !weight.IsEmpty;

        // Lanes behind the end hold g = 0 and count for nothing.
        V sumOfG = S.Zero;
        V sumOfGX = S.Zero;
        for (int i = 0; i < dx.Length; i += S.Count)
        {
            int lanes = Math.Min(S.Count, dx.Length - i);
            V g = S.Multiply(S.LoadFirst(in dy[i], lanes), hasWeight ? S.LoadFirst(in weight[i], lanes) : one);
            V normalized = S.Multiply(S.Subtract(S.LoadFirst(in x[i], lanes), c), s);
            sumOfG = S.Add(sumOfG, g);
            sumOfGX = S.MultiplyAdd(g, normalized, sumOfGX);
        }

        T count = T.CreateTruncating(dx.Length);
        V meanOfG = S.Fill(S.Sum(sumOfG) / count);
        V meanOfGX = S.Fill(-S.Sum(sumOfGX) / count);
        for (int i = 0; i < dx.Length; i += S.Count)
        {
            int lanes = Math.Min(S.Count, dx.Length - i);
            V g = S.Multiply(S.LoadFirst(in dy[i], lanes), hasWeight ? S.LoadFirst(in weight[i], lanes) : one);
            V normalized = S.Multiply(S.Subtract(S.LoadFirst(in x[i], lanes), c), s);
            S.StoreFirst(S.Multiply(S.MultiplyAdd(normalized, meanOfGX, S.Subtract(g, meanOfG)), s), ref dx[i], lanes);
        }
    }
}

/// <summary>∂L/∂weight = Σ over rows of ∂L/∂y ⊙ x̂: an item is a block of columns, added row by row.</summary>
internal readonly struct LayerNormalizationWeightKernel<T>(SharedSpan<T> input, SharedSpan<T> mean, SharedSpan<T> inverseDeviation,
    SharedSpan<T> outputGradient, SharedSpan<T> weightGradient, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        ReadOnlySpan<T> x = input.Span;
        ReadOnlySpan<T> dy = outputGradient.Span;
        int firstColumn = start * ColumnBlocks.Width;
        Span<T> sums = weightGradient.Span[firstColumn..Math.Min(end * ColumnBlocks.Width, columns)];
        sums.Clear();
        for (int row = 0; row < mean.Length; row++)
        {
            V c = S.Fill(mean.Span[row]);
            V s = S.Fill(inverseDeviation.Span[row]);
            int first = (row * columns) + firstColumn;
            int i = 0;
            for (; i <= sums.Length - S.Count; i += S.Count)
            {
                V normalized = S.Multiply(S.Subtract(S.Load(in x[first + i]), c), s);
                S.Store(S.MultiplyAdd(S.Load(in dy[first + i]), normalized, S.Load(in sums[i])), ref sums[i]);
            }
            int rest = sums.Length - i;
            if (rest > 0)
            {
                V normalized = S.Multiply(S.Subtract(S.LoadFirst(in x[first + i], rest), c), s);
                S.StoreFirst(S.MultiplyAdd(S.LoadFirst(in dy[first + i], rest), normalized, S.LoadFirst(in sums[i], rest)), ref sums[i], rest);
            }
        }
    }
}
