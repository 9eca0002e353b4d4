using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// ∂L/∂x = (g − mean g − x̂ mean(g ⊙ x̂)) / √(var + ε), a group of rows at a time, and each block's part of ∂L/∂weight = Σ over rows of ∂L/∂y ⊙ x̂ and
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
        Span<T> vectors = stackalloc T[2 * S.Count * S.Count];
        Span<T> vectorsOfGX = vectors[(S.Count * S.Count)..];
        Span<T> perRow = stackalloc T[2 * S.Count];
        Span<T> dw = weightPartials.Span.Slice(block * columns, columns);
        Span<T> db = biasPartials.Span.Slice(block * columns, columns);
        V count = S.Fill(T.CreateTruncating(columns));
        int height = RowGroup.Height<T>(columns, S.Count);
        for (int row = start; row < end; row += height)
        {
            int rows = Math.Min(height, end - row);
            int n = rows * columns;
            ReadOnlySpan<T> x = input.Span.Slice(row * columns, n);
            ReadOnlySpan<T> dy = outputGradient.Span.Slice(row * columns, n);
            ReadOnlySpan<T> centers = mean.Span.Slice(row, rows);
            ReadOnlySpan<T> inverses = inverseDeviation.Span.Slice(row, rows);
            if (inputGradient.IsEmpty)
            {
                Gradients<V, S>(x, dy, weight.Span, centers, inverses, perRow, dw, db, default);
                continue;
            }
            Sums<V, S>(x, dy, weight.Span, centers, inverses, vectors, vectorsOfGX);
            S.Store(S.Divide(RowGroup.Sum<V, S, T>(vectors, height), count), ref perRow[0]);
            S.Store(S.Negate(S.Divide(RowGroup.Sum<V, S, T>(vectorsOfGX, height), count)), ref perRow[S.Count]);
            Gradients<V, S>(x, dy, weight.Span, centers, inverses, perRow, dw, db, inputGradient.Span.Slice(row * columns, n));
        }
    }

    // Two vectors for each row whose elements add up to Σ g and Σ g x̂.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, ReadOnlySpan<T> weight, ReadOnlySpan<T> centers, ReadOnlySpan<T> inverses,
        Span<T> sumsOfG, Span<T> sumsOfGX)
        where V : struct
        where S : ISimd<V, T>
    {
        V one = S.Fill(T.One);
        bool hasWeight = !weight.IsEmpty;
        int columns = x.Length / centers.Length;
        for (int r = 0; r < centers.Length; r++)
        {
            V c = S.Fill(centers[r]);
            V s = S.Fill(inverses[r]);
            V sumOfG = S.Zero;
            V sumOfGX = S.Zero;
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
            {
                V g = S.Multiply(S.Load(in dy[i]), hasWeight ? S.Load(in weight[i]) : one);
                sumOfG = S.Add(sumOfG, g);
                sumOfGX = S.MultiplyAdd(g, S.Multiply(S.Subtract(S.Load(in x[i]), c), s), sumOfGX);
            }
            int rest = columns - i;
            if (rest > 0)
            {
                // Lanes behind the end hold g = 0 and count for nothing.
                V g = S.Multiply(S.LoadFirst(in dy[i], rest), hasWeight ? S.LoadFirst(in weight[i], rest) : one);
                sumOfG = S.Add(sumOfG, g);
                sumOfGX = S.MultiplyAdd(g, S.Multiply(S.Subtract(S.LoadFirst(in x[i], rest), c), s), sumOfGX);
            }
            S.Store(sumOfG, ref sumsOfG[r * S.Count]);
            S.Store(sumOfGX, ref sumsOfGX[r * S.Count]);
            x = x[columns..];
            dy = dy[columns..];
        }
    }

    // A vector of columns through all rows, then the next, so that the sums over rows stay in registers. They read ∂L/∂y before the input gradient
    // may overwrite it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gradients<V, S>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, ReadOnlySpan<T> weight, ReadOnlySpan<T> centers, ReadOnlySpan<T> inverses,
        ReadOnlySpan<T> means, Span<T> dw, Span<T> db, Span<T> dx)
        where V : struct
        where S : ISimd<V, T>
    {
        bool hasWeight = !weight.IsEmpty;
        bool hasInput = !dx.IsEmpty;
        ReadOnlySpan<T> negativeMeansOfGX = means[S.Count..];
        int columns = dw.Length;
        int i = 0;
        for (; i <= columns - S.Count; i += S.Count)
        {
            V w = hasWeight ? S.Load(in weight[i]) : S.Fill(T.One);
            V sumOfDyX = S.Load(in dw[i]);
            V sumOfDy = S.Load(in db[i]);
            int at = i;
            for (int r = 0; r < centers.Length; r++)
            {
                V inverse = S.Fill(inverses[r]);
                V gradient = S.Load(in dy[at]);
                V normalized = S.Multiply(S.Subtract(S.Load(in x[at]), S.Fill(centers[r])), inverse);
                sumOfDyX = S.MultiplyAdd(gradient, normalized, sumOfDyX);
                sumOfDy = S.Add(sumOfDy, gradient);
                if (hasInput)
                {
                    V g = S.Subtract(S.Multiply(gradient, w), S.Fill(means[r]));
                    S.Store(S.Multiply(S.MultiplyAdd(normalized, S.Fill(negativeMeansOfGX[r]), g), inverse), ref dx[at]);
                }
                at += columns;
            }
            S.Store(sumOfDyX, ref dw[i]);
            S.Store(sumOfDy, ref db[i]);
        }
        int rest = columns - i;
        if (rest > 0)
        {
            V w = hasWeight ? S.LoadFirst(in weight[i], rest) : S.Fill(T.One);
            V sumOfDyX = S.LoadFirst(in dw[i], rest);
            V sumOfDy = S.LoadFirst(in db[i], rest);
            int at = i;
            for (int r = 0; r < centers.Length; r++)
            {
                V inverse = S.Fill(inverses[r]);
                V gradient = S.LoadFirst(in dy[at], rest);
                V normalized = S.Multiply(S.Subtract(S.LoadFirst(in x[at], rest), S.Fill(centers[r])), inverse);
                sumOfDyX = S.MultiplyAdd(gradient, normalized, sumOfDyX);
                sumOfDy = S.Add(sumOfDy, gradient);
                if (hasInput)
                {
                    V g = S.Subtract(S.Multiply(gradient, w), S.Fill(means[r]));
                    S.StoreFirst(S.Multiply(S.MultiplyAdd(normalized, S.Fill(negativeMeansOfGX[r]), g), inverse), ref dx[at], rest);
                }
                at += columns;
            }
            S.StoreFirst(sumOfDyX, ref dw[i], rest);
            S.StoreFirst(sumOfDy, ref db[i], rest);
        }
    }
}
