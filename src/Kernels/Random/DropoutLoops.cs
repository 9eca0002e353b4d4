using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>Element-wise loops with dropout, for kernels that do more with the same elements while these are in the cache.</summary>
internal static class DropoutLoops
{
    /// <summary>y = dropout(x). Both begin at element <paramref name="first"/> of the array whose mask it is.</summary>
    [SkipLocalsInit]
    public static void Drop<V, S, T>(ReadOnlySpan<T> x, DropoutMask<T> mask, int first, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!mask.Draws)
        {
            x.CopyTo(y);
            return;
        }
        Span<uint> buffer = stackalloc uint[DropoutMask<T>.BufferLength];
        for (int i = 0; i < y.Length; i += DropoutMask<T>.Stretch)
        {
            int length = Math.Min(DropoutMask<T>.Stretch, y.Length - i);
            Drop<V, S, T>(x.Slice(i, length), mask.Words(first + i, length, buffer), mask.Threshold, mask.Scale, y.Slice(i, length));
        }
    }

    /// <summary>s = x + dropout(y).</summary>
    [SkipLocalsInit]
    public static void AddDropped<V, S, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, DropoutMask<T> mask, int first, Span<T> s)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!mask.Draws)
        {
            Add<V, S, T>(x, y, s);
            return;
        }
        Span<uint> buffer = stackalloc uint[DropoutMask<T>.BufferLength];
        for (int i = 0; i < s.Length; i += DropoutMask<T>.Stretch)
        {
            int length = Math.Min(DropoutMask<T>.Stretch, s.Length - i);
            AddDropped<V, S, T>(
                x.Slice(i, length), y.Slice(i, length), mask.Words(first + i, length, buffer), mask.Threshold, mask.Scale, s.Slice(i, length));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Drop<V, S, T>(ReadOnlySpan<T> x, ReadOnlySpan<uint> words, uint threshold, T scale, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V factor = S.Fill(scale);
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(S.Select(S.AtLeast(in words[i], threshold), S.Multiply(S.Load(in x[i]), factor), S.Zero), ref y[i]);

        int rest = y.Length - i;
        if (rest > 0)
            S.StoreFirst(S.Select(S.AtLeast(in words[i], threshold), S.Multiply(S.LoadFirst(in x[i], rest), factor), S.Zero), ref y[i], rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddDropped<V, S, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<uint> words, uint threshold, T scale, Span<T> s)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V factor = S.Fill(scale);
        int i = 0;
        for (; i <= s.Length - S.Count; i += S.Count)
        {
            V dropped = S.Select(S.AtLeast(in words[i], threshold), S.Multiply(S.Load(in y[i]), factor), S.Zero);
            S.Store(S.Add(S.Load(in x[i]), dropped), ref s[i]);
        }
        int rest = s.Length - i;
        if (rest > 0)
        {
            V dropped = S.Select(S.AtLeast(in words[i], threshold), S.Multiply(S.LoadFirst(in y[i], rest), factor), S.Zero);
            S.StoreFirst(S.Add(S.LoadFirst(in x[i], rest), dropped), ref s[i], rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<V, S, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> s)
        where V : struct
        where S : ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        for (; i <= s.Length - S.Count; i += S.Count)
            S.Store(S.Add(S.Load(in x[i]), S.Load(in y[i])), ref s[i]);
        if (i < s.Length)
            S.StoreFirst(S.Add(S.LoadFirst(in x[i], s.Length - i), S.LoadFirst(in y[i], s.Length - i)), ref s[i], s.Length - i);
    }
}
