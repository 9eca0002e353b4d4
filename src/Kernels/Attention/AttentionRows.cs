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
    /// and after that the dropped ones 0. The block's maximum is m (−∞ while nothing was seen), its inverse for now the sum
    /// Σ exp(scale sᵢ − m) before dropout, and <paramref name="growth"/> what earlier sums must be multiplied with, because m has grown
    /// (Milakov and Gimelshein 2018, "Online normalizer calculation for softmax", section 3). A NaN that is allowed makes its row's sum NaN.
    /// </summary>
    [SkipLocalsInit]
    public static void Powers(in AttentionBlock<V, S, T> block, T* growth)
    {
        // As many rows at a time as a vector has lanes: their maxima and sums are found together, one in each lane.
        byte* memory = stackalloc byte[((S.Count + 1) * S.Count * sizeof(T)) + Cache.LineBytes];
        T* vectors = Cache.Aligned<T>(memory);
        T* shifts = vectors + (S.Count * S.Count);
        for (int first = 0; first < block.Rows; first += S.Count)
        {
            int rows = Math.Min(S.Count, block.Rows - first);
            Largest(block, first, rows, vectors);
            V before = S.LoadFirst(ref block.Maximum[first], rows);
            V largest = S.Multiply(RowGroup.Max<V, S, T>(new(vectors, S.Count * S.Count), S.Count), S.Fill(block.Scale));
            V now = S.MaxOfNumbers(before, largest);
            V grown = S.Select(S.Equal(before, now), S.Fill(T.One), VectorMath.ExpOfNegative<V, S, T>(S.Subtract(before, now)));
            S.StoreFirst(now, ref block.Maximum[first], rows);
            S.Store(Shift(now), ref *shifts);
            Powers(block, first, rows, shifts, vectors);
            V sums = S.MultiplyAdd(S.LoadFirst(ref block.Inverse[first], rows), grown, RowGroup.Sum<V, S, T>(new(vectors, S.Count * S.Count), S.Count));
            S.StoreFirst(sums, ref block.Inverse[first], rows);
            S.StoreFirst(grown, ref growth[first], rows);
        }
    }

    // For each row a vector whose largest element is that of the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Largest(in AttentionBlock<V, S, T> block, int first, int rows, T* vectors)
    {
        V nothing = S.Fill(T.NegativeInfinity);
        for (int r = first; r < first + rows; r++)
        {
            T* row = block.Scores + ((nint)r * block.Width);
            int count = block.Reach.Count(r);
            bool* allowed = block.AllowedRow(r);
            V largest = nothing;
            int i = 0;
            for (; i < count - S.Count; i += S.Count)
                largest = S.MaxOfNumbers(Masked(S.Load(ref row[i]), allowed, i, nothing), largest);
            V last = Masked(S.Load(ref row[i]), allowed, i, nothing);
            S.Store(S.MaxOfNumbers(S.Select(S.FirstLanes(count - i), last, nothing), largest), ref *vectors);
            vectors += S.Count;
        }
    }

    // The powers, and for each row a vector whose elements sum up to that of the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Powers(in AttentionBlock<V, S, T> block, int first, int rows, T* shifts, T* vectors)
    {
        V zero = S.Zero;
        V scale = S.Fill(block.Scale);
        uint from = block.KeptFrom;
        for (int r = first; r < first + rows; r++)
        {
            T* row = block.Scores + ((nint)r * block.Width);
            int count = block.Reach.Count(r);
            bool* allowed = block.AllowedRow(r);
            uint* words = block.WordsOfRow(r);
            V shift = S.Fill(*shifts++);
            V sums = zero;
            int i = 0;
            for (; i < count - S.Count; i += S.Count)
            {
                V power = Masked(Power(S.Load(ref row[i]), scale, shift), allowed, i, zero);
                sums = S.Add(sums, power);
                S.Store(Kept(power, words, i, from), ref row[i]);
            }

            V last = S.Select(S.FirstLanes(count - i), Masked(Power(S.Load(ref row[i]), scale, shift), allowed, i, zero), zero);
            S.Store(Kept(last, words, i, from), ref row[i]);
            S.Store(S.Add(sums, last), ref *vectors);
            vectors += S.Count;
            ClearRest(block, row, count);
        }
    }

    /// <summary>sᵢ ← wᵢ = exp(scale sᵢ − maximum) · inverse over what is allowed, 0 elsewhere: the weights, once maximum and sum are known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weights(in AttentionBlock<V, S, T> block)
    {
        V zero = S.Zero;
        V scale = S.Fill(block.Scale);
        for (int r = 0; r < block.Rows; r++)
        {
            T* row = block.Scores + ((nint)r * block.Width);
            int count = block.Reach.Count(r);
            bool* allowed = block.AllowedRow(r);
            V shift = Shift(S.Fill(block.Maximum[r]));
            V inverse = S.Fill(block.Inverse[r]);
            int i = 0;
            for (; i < count - S.Count; i += S.Count)
                S.Store(Masked(S.Multiply(Power(S.Load(ref row[i]), scale, shift), inverse), allowed, i, zero), ref row[i]);
            V last = Masked(S.Multiply(Power(S.Load(ref row[i]), scale, shift), inverse), allowed, i, zero);
            S.Store(S.Select(S.FirstLanes(count - i), last, zero), ref row[i]);
            ClearRest(block, row, count);
        }
    }

    /// <summary>
    /// From weights w and gradients g = ∂L/∂w̃, in place: gᵢ ← scale ∂L/∂sᵢ = scale wᵢ (dᵢ gᵢ − mean) and wᵢ ← w̃ᵢ = dᵢ wᵢ, where dᵢ is what dropout
    /// multiplies with, 0 or 1 / (1 − rate), and the mean is Σ wᵢ dᵢ gᵢ.
    /// </summary>
    /// <param name="block">Scores are w, 0 where masked.</param>
    /// <param name="means">Where rows are one part of several, the means of the whole rows; else null, and they are summed here.</param>
    [SkipLocalsInit]
    public static void Gradients(in AttentionBlock<V, S, T> block, T* means)
    {
        byte* memory = stackalloc byte[((S.Count + 1) * S.Count * sizeof(T)) + Cache.LineBytes];
        T* vectors = Cache.Aligned<T>(memory);
        T* sums = vectors + (S.Count * S.Count);
        for (int first = 0; first < block.Rows; first += S.Count)
        {
            int rows = Math.Min(S.Count, block.Rows - first);
            if (means == null)
            {
                Products(block, first, rows, vectors);
                S.Store(RowGroup.Sum<V, S, T>(new(vectors, S.Count * S.Count), S.Count), ref *sums);
            }

            Gradients(block, first, rows, means == null ? sums : means + first);
        }
    }

    // For each row a vector whose elements sum up to Σ wᵢ dᵢ gᵢ.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products(in AttentionBlock<V, S, T> block, int first, int rows, T* vectors)
    {
        V zero = S.Zero;
        V factor = S.Fill(block.KeptScale);
        uint from = block.KeptFrom;
        for (int r = first; r < first + rows; r++)
        {
            T* weights = block.Scores + ((nint)r * block.Width);
            T* gradients = block.Gradients + ((nint)r * block.Width);
            int count = block.Reach.Count(r);
            uint* words = block.WordsOfRow(r);
            V sums = zero;
            int i = 0;
            for (; i < count - S.Count; i += S.Count)
                sums = S.MultiplyAdd(S.Load(ref weights[i]), Kept(S.Load(ref gradients[i]), words, i, from), sums);
            V last = S.Select(S.FirstLanes(count - i), Kept(S.Load(ref gradients[i]), words, i, from), zero);
            S.Store(S.Multiply(S.MultiplyAdd(S.Load(ref weights[i]), last, sums), factor), ref *vectors);
            vectors += S.Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gradients(in AttentionBlock<V, S, T> block, int first, int rows, T* means)
    {
        V zero = S.Zero;
        V factor = S.Fill(block.KeptScale);
        uint from = block.KeptFrom;
        V scale = S.Fill(block.Scale);
        for (int r = first; r < first + rows; r++)
        {
            T* weights = block.Scores + ((nint)r * block.Width);
            T* gradients = block.Gradients + ((nint)r * block.Width);
            int count = block.Reach.Count(r);
            uint* words = block.WordsOfRow(r);
            V mean = S.Fill(*means++);
            for (int i = 0; i < count; i += S.Count)
            {
                V weight = S.Load(ref weights[i]);
                V gradient = S.Load(ref gradients[i]);
                if (words != null)
                {
                    V keep = S.AtLeast(ref words[i], from);
                    gradient = S.Select(keep, S.Multiply(gradient, factor), zero);
                    S.Store(S.Select(keep, S.Multiply(weight, factor), zero), ref weights[i]);
                }

                V change = S.Multiply(S.Multiply(weight, scale), S.Subtract(gradient, mean));
                S.Store(i > count - S.Count ? S.Select(S.FirstLanes(count - i), change, zero) : change, ref gradients[i]);
            }

            ClearRest(block, gradients, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Masked(V x, bool* mask, int i, V other) => mask == null ? x : S.Select(S.LoadMask(ref mask[i]), x, other);

    // x where dropout keeps it, else 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Kept(V x, uint* words, int i, uint from) => words == null ? x : S.Select(S.AtLeast(ref words[i], from), x, S.Zero);

    // Scaled scores are rounded before the maximum is subtracted, as the maximum was, so that the largest power is 1 exactly
    // (nearly so after AttentionSingle, whose maximum was summed in another order).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Power(V score, V scale, V shift) => VectorMath.ExpOfNegative<V, S, T>(S.Add(S.Multiply(score, scale), shift));

    // Subtract the maximum so that exp cannot overflow; with nothing allowed any shift will do, and −∞ would make NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Shift(V maximum) => S.Select(S.Equal(maximum, S.Fill(T.NegativeInfinity)), S.Zero, S.Negate(maximum));

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

    /// <summary>Σ aᵢ bᵢ for each row of two matrices, whose rows are as far apart.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(T* a, T* b, nint stride, int rows, int columns, T* dots)
    {
        byte* memory = stackalloc byte[(S.Count * S.Count * sizeof(T)) + Cache.LineBytes];
        T* vectors = Cache.Aligned<T>(memory);
        int whole = columns / S.Count * S.Count;
        for (int first = 0; first < rows; first += S.Count)
        {
            int count = Math.Min(S.Count, rows - first);
            for (int r = 0; r < count; r++, a += stride, b += stride)
            {
                V sums = S.Zero;
                for (int i = 0; i < whole; i += S.Count)
                    sums = S.MultiplyAdd(S.Load(ref a[i]), S.Load(ref b[i]), sums);
                if (whole < columns)
                    sums = S.MultiplyAdd(S.LoadFirst(ref a[whole], columns - whole), S.LoadFirst(ref b[whole], columns - whole), sums);
                S.Store(sums, ref vectors[r * S.Count]);
            }

            S.StoreFirst(RowGroup.Sum<V, S, T>(new(vectors, S.Count * S.Count), S.Count), ref dots[first], count);
        }
    }
}
