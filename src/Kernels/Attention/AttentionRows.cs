using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>What attention does with one row of scores or weights, between its matrix products.</summary>
internal static unsafe class AttentionRows<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Copies which of the first <paramref name="count"/> sources may be attended to, and writes false behind them to the
    /// end of a vector, so that <see cref="Softmax"/> can read whole vectors.
    /// </summary>
    public static void Keep(bool* allowed, int count, bool* keep)
    {
        new ReadOnlySpan<bool>(allowed, count).CopyTo(new(keep, count));
        new Span<bool>(keep + count, S.Count).Clear();
    }

    /// <summary>
    /// wᵢ = exp(scale sᵢ − max) / Σⱼ exp(scale sⱼ − max) over what is kept (all where <paramref name="keep"/> is null), 0
    /// elsewhere and for a row with nothing left; in place. A NaN that is kept makes the row NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(T* row, bool* keep, int count, T scale)
    {
        V zero = S.Zero;
        V nothing = S.Fill(T.NegativeInfinity);
        V largest = nothing;
        int whole = count - (count % S.Count);
        V lastKept = whole == count ? zero : keep == null ? S.FirstLanes(count - whole) : S.LoadMask(ref keep[whole]);
        for (int i = 0; i < whole; i += S.Count)
        {
            V score = S.Load(ref row[i]);
            largest = S.Max(largest, keep == null ? score : S.Select(S.LoadMask(ref keep[i]), score, nothing));
        }
        V lastScore = S.LoadFirst(ref row[whole], count - whole);
        largest = S.Max(largest, S.Select(lastKept, lastScore, nothing));

        // Subtract the maximum so that exp cannot overflow; with nothing kept any shift will do, and −∞ would make NaN.
        T maximum = S.MaxElement(largest);
        V shift = S.Fill(T.IsNegativeInfinity(maximum) ? T.Zero : -(maximum * scale));
        V factor = S.Fill(scale);
        V sums = zero;
        for (int i = 0; i < whole; i += S.Count)
        {
            V power = VectorMath.Exp<V, S, T>(S.MultiplyAdd(S.Load(ref row[i]), factor, shift));
            if (keep != null)
                power = S.Select(S.LoadMask(ref keep[i]), power, zero);
            sums = S.Add(sums, power);
            S.Store(power, ref row[i]);
        }

        // The last powers stay in their register: to read what a masked store has just written is slow.
        V lastPower = S.Select(lastKept, VectorMath.Exp<V, S, T>(S.MultiplyAdd(lastScore, factor, shift)), zero);
        T sum = S.Sum(S.Add(sums, lastPower));
        V inverse = S.Fill(sum == T.Zero ? T.Zero : T.One / sum); // nothing to attend to: zeros
        for (int i = 0; i < whole; i += S.Count)
            S.Store(S.Multiply(S.Load(ref row[i]), inverse), ref row[i]);
        S.StoreFirst(S.Multiply(lastPower, inverse), ref row[whole], count - whole);
    }

    /// <summary>gᵢ ← scale wᵢ (gᵢ − Σⱼ wⱼ gⱼ): the gradient of the scores before scaling, from that of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SoftmaxGradient(T* weights, T* gradient, int count, T scale)
    {
        V sums = S.Zero;
        int last = count - S.Count;
        int i = 0;
        for (; i <= last; i += S.Count)
            sums = S.MultiplyAdd(S.Load(ref weights[i]), S.Load(ref gradient[i]), sums);
        if (i < count)
            sums = S.MultiplyAdd(S.LoadFirst(ref weights[i], count - i), S.LoadFirst(ref gradient[i], count - i), sums);

        V sum = S.Fill(S.Sum(sums));
        V factor = S.Fill(scale);
        for (i = 0; i <= last; i += S.Count)
        {
            V difference = S.Subtract(S.Load(ref gradient[i]), sum);
            S.Store(S.Multiply(S.Multiply(S.Load(ref weights[i]), factor), difference), ref gradient[i]);
        }
        if (i < count)
        {
            V difference = S.Subtract(S.LoadFirst(ref gradient[i], count - i), sum);
            S.StoreFirst(S.Multiply(S.Multiply(S.LoadFirst(ref weights[i], count - i), factor), difference), ref gradient[i], count - i);
        }
    }
}
