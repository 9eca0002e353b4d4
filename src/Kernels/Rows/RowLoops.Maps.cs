using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal static partial class RowLoops
{
    /// <summary>y = exp(x − shift), and Σ yᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T ExpShifted<V, S, T>(ReadOnlySpan<T> x, T shift, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V center = S.Fill(shift);
        V sum = S.Zero;
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
        {
            V e = VectorMath.Exp<V, S, T>(S.Subtract(S.Load(in x[i]), center));
            S.Store(e, ref y[i]);
            sum = S.Add(sum, e);
        }
        int rest = y.Length - i;
        if (rest > 0)
        {
            V e = VectorMath.Exp<V, S, T>(S.Subtract(S.LoadFirst(in x[i], rest), center));
            S.StoreFirst(e, ref y[i], rest);

            // Only what was stored counts: the lanes behind the end hold exp(0 − shift).
            sum = S.Add(sum, S.Select(S.FirstLanes(rest), e, S.Zero));
        }
        return S.Sum(sum);
    }

    /// <summary>y = c x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale<V, S, T>(ReadOnlySpan<T> x, T factor, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V c = S.Fill(factor);
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(S.Multiply(S.Load(in x[i]), c), ref y[i]);
        if (i < y.Length)
            S.StoreFirst(S.Multiply(S.LoadFirst(in x[i], y.Length - i), c), ref y[i], y.Length - i);
    }

    /// <summary>y = x where the mask is true, else −∞; returns max y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T MaskedMax<V, S, T>(ReadOnlySpan<T> x, ReadOnlySpan<bool> mask, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V lowest = S.Fill(T.NegativeInfinity);
        V largest = lowest;
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
        {
            V kept = S.Select(S.LoadMask(in mask[i]), S.Load(in x[i]), lowest);
            S.Store(kept, ref y[i]);
            largest = S.Max(largest, kept);
        }
        int rest = y.Length - i;
        if (rest > 0)
        {
            V kept = S.Select(S.LoadFirstMask(in mask[i], rest), S.LoadFirst(in x[i], rest), lowest);
            S.StoreFirst(kept, ref y[i], rest);
            largest = S.Max(largest, kept);
        }
        return S.MaxElement(largest);
    }

    /// <summary>y = x − first − second, in this order: the maximum first, so that nothing is lost to its size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Shift<V, S, T>(ReadOnlySpan<T> x, T first, T second, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V a = S.Fill(first);
        V b = S.Fill(second);
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(S.Subtract(S.Subtract(S.Load(in x[i]), a), b), ref y[i]);

        int rest = y.Length - i;
        if (rest > 0)
            S.StoreFirst(S.Subtract(S.Subtract(S.LoadFirst(in x[i], rest), a), b), ref y[i], rest);
    }

    /// <summary>dx = dy − sum exp y, and 0 where y is −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractExp<V, S, T>(ReadOnlySpan<T> dy, ReadOnlySpan<T> y, T sum, Span<T> dx)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V negative = S.Fill(-sum);
        V lowest = S.Fill(T.NegativeInfinity);
        int i = 0;
        for (; i <= dx.Length - S.Count; i += S.Count)
        {
            V logarithm = S.Load(in y[i]);
            V difference = S.MultiplyAdd(negative, VectorMath.Exp<V, S, T>(logarithm), S.Load(in dy[i]));
            S.Store(S.Select(S.Equal(logarithm, lowest), S.Zero, difference), ref dx[i]);
        }
        int rest = dx.Length - i;
        if (rest > 0)
        {
            V logarithm = S.LoadFirst(in y[i], rest);
            V difference = S.MultiplyAdd(negative, VectorMath.Exp<V, S, T>(logarithm), S.LoadFirst(in dy[i], rest));
            S.StoreFirst(S.Select(S.Equal(logarithm, lowest), S.Zero, difference), ref dx[i], rest);
        }
    }

    /// <summary>y = factor (exp(x − shift) − offset).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ExpMinus<V, S, T>(ReadOnlySpan<T> x, T shift, T offset, T factor, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V a = S.Fill(shift);
        V b = S.Fill(offset);
        V c = S.Fill(factor);
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(S.Multiply(c, S.Subtract(VectorMath.Exp<V, S, T>(S.Subtract(S.Load(in x[i]), a)), b)), ref y[i]);

        int rest = y.Length - i;
        if (rest > 0)
            S.StoreFirst(S.Multiply(c, S.Subtract(VectorMath.Exp<V, S, T>(S.Subtract(S.LoadFirst(in x[i], rest), a)), b)), ref y[i], rest);
    }

    /// <summary>y += x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate<V, S, T>(ReadOnlySpan<T> x, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(S.Add(S.Load(in y[i]), S.Load(in x[i])), ref y[i]);

        int rest = y.Length - i;
        if (rest > 0)
            S.StoreFirst(S.Add(S.LoadFirst(in y[i], rest), S.LoadFirst(in x[i], rest)), ref y[i], rest);
    }
}
