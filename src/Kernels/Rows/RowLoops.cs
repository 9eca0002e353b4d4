using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>Sums and maxima of one row, shared by the row kernels. The order of addition depends on the vector width alone.</summary>
internal static partial class RowLoops
{
    /// <summary>max xᵢ; −∞ for an empty row, NaN where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Max<V, S, T>(ReadOnlySpan<T> x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V largest = S.Fill(T.NegativeInfinity);
        int i = 0;
        for (; i <= x.Length - S.Count; i += S.Count)
            largest = S.Max(largest, S.Load(in x[i]));

        int rest = x.Length - i;
        if (rest > 0)
            largest = S.Max(largest, S.Select(S.FirstLanes(rest), S.LoadFirst(in x[i], rest), S.Fill(T.NegativeInfinity)));
        return S.MaxElement(largest);
    }

    /// <summary>Σ xᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Sum<V, S, T>(ReadOnlySpan<T> x)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V sum0 = S.Zero;
        V sum1 = S.Zero;
        int i = 0;
        for (; i <= x.Length - (2 * S.Count); i += 2 * S.Count)
        {
            sum0 = S.Add(sum0, S.Load(in x[i]));
            sum1 = S.Add(sum1, S.Load(in x[i + S.Count]));
        }
        if (i <= x.Length - S.Count)
        {
            sum0 = S.Add(sum0, S.Load(in x[i]));
            i += S.Count;
        }
        if (i < x.Length)
            sum1 = S.Add(sum1, S.LoadFirst(in x[i], x.Length - i));
        return S.Sum(S.Add(sum0, sum1));
    }

    /// <summary>Σ dyᵢ over those i where yᵢ is not −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T SumWhereFinite<V, S, T>(ReadOnlySpan<T> dy, ReadOnlySpan<T> y)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V lowest = S.Fill(T.NegativeInfinity);
        V sum = S.Zero;
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            sum = S.Add(sum, S.Select(S.Equal(S.Load(in y[i]), lowest), S.Zero, S.Load(in dy[i])));
        int rest = y.Length - i;
        if (rest > 0)
            sum = S.Add(sum, S.Select(S.Equal(S.LoadFirst(in y[i], rest), lowest), S.Zero, S.LoadFirst(in dy[i], rest)));
        return S.Sum(sum);
    }

    /// <summary>Σ exp(xᵢ − shift) without keeping the terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T SumOfExp<V, S, T>(ReadOnlySpan<T> x, T shift)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V center = S.Fill(shift);
        V sum = S.Zero;
        int i = 0;
        for (; i <= x.Length - S.Count; i += S.Count)
            sum = S.Add(sum, VectorMath.Exp<V, S, T>(S.Subtract(S.Load(in x[i]), center)));
        int rest = x.Length - i;
        if (rest > 0)
        {
            V e = VectorMath.Exp<V, S, T>(S.Subtract(S.LoadFirst(in x[i], rest), center));
            sum = S.Add(sum, S.Select(S.FirstLanes(rest), e, S.Zero));
        }
        return S.Sum(sum);
    }

    /// <summary>Σ (xᵢ − center)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T SumOfSquares<V, S, T>(ReadOnlySpan<T> x, T center)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V c = S.Fill(center);
        V sum = S.Zero;
        int i = 0;
        for (; i <= x.Length - S.Count; i += S.Count)
        {
            V difference = S.Subtract(S.Load(in x[i]), c);
            sum = S.MultiplyAdd(difference, difference, sum);
        }
        int rest = x.Length - i;
        if (rest > 0)
        {
            V difference = S.Select(S.FirstLanes(rest), S.Subtract(S.LoadFirst(in x[i], rest), c), S.Zero);
            sum = S.MultiplyAdd(difference, difference, sum);
        }
        return S.Sum(sum);
    }
}
