using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// What attention does with the rows of a block of scores between its matrix products. They are read and written in whole vectors: what
/// lies behind the sources that a target sees becomes 0.
/// </summary>
internal static unsafe class AttentionRows<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// A further part of each row: sᵢ ← exp(scale sᵢ − m) over what is allowed, 0 elsewhere, where m is the largest scaled score so far,
    /// and after that the dropped ones 0. The block's maximum is m (−∞ while nothing was seen; a NaN that is allowed stays), its inverse
    /// for now the sum Σ exp(scale sᵢ − m) before dropout, and <paramref name="growth"/> what earlier sums must be multiplied with, because m
    /// has grown (Milakov and Gimelshein 2018, "Online normalizer calculation for softmax", section 3).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Powers(in AttentionBlock<V, S, T> block, T* growth)
    {
        V zero = S.Zero;
        V nothing = S.Fill(T.NegativeInfinity);
        V factor = S.Fill(block.Scale);
        for (int r = 0; r < block.Rows; r++)
        {
            T* row = block.Scores + ((nint)r * block.Width);
            int count = block.Reach.Count(r);
            bool* allowed = block.AllowedRow(r);
            bool* kept = block.KeptRow(r);
            int last = (count - 1) / S.Count * S.Count;
            V lastLanes = S.FirstLanes(count - last);
            V largest = nothing;
            for (int i = 0; i < count; i += S.Count)
            {
                V score = S.Load(ref row[i]);
                if (i == last)
                    score = S.Select(lastLanes, score, nothing);
                if (allowed != null)
                    score = S.Select(S.LoadMask(ref allowed[i]), score, nothing);
                largest = S.Max(largest, score);
            }

            T before = block.Maximum[r];
            T now = T.Max(before, S.MaxElement(largest) * block.Scale);
            block.Maximum[r] = now;

            // Subtract the maximum so that exp cannot overflow; with nothing allowed any shift will do, and −∞ would make NaN.
            // The product is rounded before, as the maximum was, so that the largest power is 1 exactly.
            V shift = S.Fill(T.IsNegativeInfinity(now) ? T.Zero : -now);
            V sums = zero;
            for (int i = 0; i < count; i += S.Count)
            {
                V power = VectorMath.Exp<V, S, T>(S.Add(S.Multiply(S.Load(ref row[i]), factor), shift));
                if (i == last)
                    power = S.Select(lastLanes, power, zero);
                if (allowed != null)
                    power = S.Select(S.LoadMask(ref allowed[i]), power, zero);
                sums = S.Add(sums, power);
                if (kept != null)
                    power = S.Select(S.LoadMask(ref kept[i]), power, zero);
                S.Store(power, ref row[i]);
            }

            growth[r] = now == before ? T.One : T.IsNegativeInfinity(before) ? T.Zero : T.Exp(before - now);
            block.Inverse[r] = (block.Inverse[r] * growth[r]) + S.Sum(sums);
            ClearRest(block, row, count);
        }
    }

    /// <summary>sᵢ ← wᵢ = exp(scale sᵢ − maximum) · inverse over what is allowed, 0 elsewhere: the weights, once maximum and sum are known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weights(in AttentionBlock<V, S, T> block)
    {
        V zero = S.Zero;
        V factor = S.Fill(block.Scale);
        for (int r = 0; r < block.Rows; r++)
        {
            T* row = block.Scores + ((nint)r * block.Width);
            int count = block.Reach.Count(r);
            bool* allowed = block.AllowedRow(r);
            V shift = S.Fill(T.IsNegativeInfinity(block.Maximum[r]) ? T.Zero : -block.Maximum[r]);
            V inverse = S.Fill(block.Inverse[r]);
            int last = (count - 1) / S.Count * S.Count;
            V lastLanes = S.FirstLanes(count - last);
            for (int i = 0; i < count; i += S.Count)
            {
                V weight = S.Multiply(VectorMath.Exp<V, S, T>(S.Add(S.Multiply(S.Load(ref row[i]), factor), shift)), inverse);
                if (i == last)
                    weight = S.Select(lastLanes, weight, zero);
                if (allowed != null)
                    weight = S.Select(S.LoadMask(ref allowed[i]), weight, zero);
                S.Store(weight, ref row[i]);
            }

            ClearRest(block, row, count);
        }
    }

    /// <summary>
    /// From weights w and gradients g = ∂L/∂w̃, in place: gᵢ ← ∂L/∂sᵢ = wᵢ (dᵢ gᵢ − mean) and wᵢ ← w̃ᵢ = dᵢ wᵢ, where dᵢ is what dropout
    /// multiplies with, 0 or 1 / (1 − rate), and the mean is Σ wᵢ dᵢ gᵢ.
    /// </summary>
    /// <param name="block">Scores are w, 0 where masked.</param>
    /// <param name="means">Where rows are one part of several, the means of the whole rows; else null, and they are summed here.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradients(in AttentionBlock<V, S, T> block, T* means)
    {
        V zero = S.Zero;
        V factor = S.Fill(block.KeptScale);
        for (int r = 0; r < block.Rows; r++)
        {
            T* weights = block.Scores + ((nint)r * block.Width);
            T* gradients = block.Gradients + ((nint)r * block.Width);
            int count = block.Reach.Count(r);
            bool* kept = block.KeptRow(r);
            int last = (count - 1) / S.Count * S.Count;
            V lastLanes = S.FirstLanes(count - last);
            V sums = zero;
            for (int i = 0; i < count; i += S.Count)
            {
                V gradient = S.Load(ref gradients[i]);
                if (i == last)
                    gradient = S.Select(lastLanes, gradient, zero);
                if (kept != null)
                    gradient = S.Select(S.LoadMask(ref kept[i]), S.Multiply(gradient, factor), zero);
                sums = S.MultiplyAdd(S.Load(ref weights[i]), gradient, sums);
                S.Store(gradient, ref gradients[i]);
            }

            V mean = S.Fill(means != null ? means[r] : S.Sum(sums));
            for (int i = 0; i < count; i += S.Count)
            {
                V weight = S.Load(ref weights[i]);
                S.Store(S.Multiply(weight, S.Subtract(S.Load(ref gradients[i]), mean)), ref gradients[i]);
                if (kept != null)
                    S.Store(S.Select(S.LoadMask(ref kept[i]), S.Multiply(weight, factor), zero), ref weights[i]);
            }

            ClearRest(block, gradients, count);
        }
    }

    // Zeros behind a row that ends before others of its tile do: each row of a causal mask has one source more than the row before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ClearRest(in AttentionBlock<V, S, T> block, T* row, int count)
    {
        int end = Math.Min(count + AttentionTile<V, S, T>.MostRows - 1, block.Reach.Width);
        for (int i = AttentionCopies<V, S, T>.Whole(count); i < end; i += S.Count)
            S.Store(S.Zero, ref row[i]);
    }

    /// <summary>Each row times its factor.</summary>
    public static void Multiply(T* rows, int size, int count, T* factors)
    {
        for (int r = 0; r < count; r++, rows += size)
        {
            if (factors[r] == T.One)
                continue;
            V factor = S.Fill(factors[r]);
            for (int i = 0; i < size; i += S.Count)
                S.Store(S.Multiply(S.Load(ref rows[i]), factor), ref rows[i]);
        }
    }

    /// <summary>Σ aᵢ bᵢ.</summary>
    public static T Dot(T* a, T* b, int count)
    {
        V sums = S.Zero;
        for (int i = 0; i < count; i += S.Count)
            sums = S.MultiplyAdd(S.LoadFirst(ref a[i], Math.Min(S.Count, count - i)), S.LoadFirst(ref b[i], Math.Min(S.Count, count - i)), sums);
        return S.Sum(sums);
    }
}
