using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// ∂L/∂x = (g − mean g − x̂ mean(g ⊙ x̂)) / √(var + ε), a row at a time, and each block's part of ∂L/∂weight = Σ over rows of ∂L/∂y ⊙ x̂ and
/// ∂L/∂bias = Σ over rows of ∂L/∂y. An item is a block of rows.
/// </summary>
internal readonly struct LayerNormalizationGradientKernel<T>(SharedSpan<T> input, SharedSpan<T> weight, SharedSpan<T> mean,
    SharedSpan<T> inverseDeviation, SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, SharedSpan<T> weightPartials,
    SharedSpan<T> biasPartials, RowBlocks blocks, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int block = start; block < end; block++)
        {
            Clear(block);
            Rows<V, S>(block, blocks.Start(block), blocks.Start(block + 1));
        }
    }

    /// <summary>Begins the sums of a block.</summary>
    public void Clear(int block)
    {
        weightPartials.Span.Slice(block * columns, columns).Clear();
        biasPartials.Span.Slice(block * columns, columns).Clear();
    }

    /// <summary>Does some rows of a block.</summary>
    public void Rows<V, S>(int block, int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        Span<T> dw = weightPartials.Span.Slice(block * columns, columns);
        Span<T> db = biasPartials.Span.Slice(block * columns, columns);
        for (int row = start; row < end; row++)
        {
            ReadOnlySpan<T> x = input.Span.Slice(row * columns, columns);
            ReadOnlySpan<T> dy = outputGradient.Span.Slice(row * columns, columns);

            // The sums over rows come first: the input gradient may overwrite ∂L/∂y.
            Parameters<V, S>(x, mean.Span[row], inverseDeviation.Span[row], dy, dw, db);
            if (!inputGradient.IsEmpty)
                Row<V, S>(x, weight.Span, mean.Span[row], inverseDeviation.Span[row], dy, inputGradient.Span.Slice(row * columns, columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Parameters<V, S>(ReadOnlySpan<T> x, T mean, T inverse, ReadOnlySpan<T> dy, Span<T> dw, Span<T> db)
        where V : struct
        where S : ISimd<V, T>
    {
        V c = S.Fill(mean);
        V s = S.Fill(inverse);
        int i = 0;
        for (; i <= dw.Length - S.Count; i += S.Count)
        {
            V gradient = S.Load(in dy[i]);
            V normalized = S.Multiply(S.Subtract(S.Load(in x[i]), c), s);
            S.Store(S.MultiplyAdd(gradient, normalized, S.Load(in dw[i])), ref dw[i]);
            S.Store(S.Add(S.Load(in db[i]), gradient), ref db[i]);
        }
        int rest = dw.Length - i;
        if (rest > 0)
        {
            V gradient = S.LoadFirst(in dy[i], rest);
            V normalized = S.Multiply(S.Subtract(S.LoadFirst(in x[i], rest), c), s);
            S.StoreFirst(S.MultiplyAdd(gradient, normalized, S.LoadFirst(in dw[i], rest)), ref dw[i], rest);
            S.StoreFirst(S.Add(S.LoadFirst(in db[i], rest), gradient), ref db[i], rest);
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
